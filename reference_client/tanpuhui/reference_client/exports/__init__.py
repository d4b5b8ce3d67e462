"""业务系统的导出文件如何成为活动 / How exports of business systems become activities, with their warts told."""
