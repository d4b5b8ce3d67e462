#!/usr/bin/env bash
# 测试自己启动 PostgreSQL，只需要它的程序 / the tests start a PostgreSQL of their own and need its programs only
set -euo pipefail
command -v initdb >/dev/null && exit 0
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "安装 postgresql / installing postgresql"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
  sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  apt-get install -y -qq --no-install-recommends postgresql >/dev/null
  exit 0
fi
echo "缺少 PostgreSQL：请安装后再运行 make test（Debian: apt-get install postgresql）。" >&2
echo "PostgreSQL is missing: install it, then run make test again (Debian: apt-get install postgresql)." >&2
exit 2
