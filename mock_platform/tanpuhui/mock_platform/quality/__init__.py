"""数据质量报告 / The platform's quality reports: every rule over the records of a day, the days of a month together."""
