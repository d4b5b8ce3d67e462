#!/usr/bin/env bash
# 报告页的测试需要真实浏览器 / the tests of the report page need a real browser
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "安装 chromium / installing chromium"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
  exit 0
fi
echo "缺少 chromium：请安装后再运行 make test（Debian: apt-get install chromium fonts-noto-cjk）。" >&2
echo "chromium is missing: install it, then run make test again (Debian: apt-get install chromium fonts-noto-cjk)." >&2
exit 2
