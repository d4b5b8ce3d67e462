#!/usr/bin/env bash
# 建立虚拟环境 / makes the virtual environment: ensure-python.sh PYTHON VENV
set -euo pipefail
python=$1 venv=$2
if ! command -v "$python" >/dev/null; then
  echo "找不到 $python。请安装 Python 3.11 或更高版本，或用 make PYTHON=/路径/python3.11 指定。" >&2
  echo "$python not found. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.11." >&2
  exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "需要 Python 3.11 或更高版本，$python 是 $("$python" -V 2>&1)。用 make PYTHON=… 指定。" >&2
  echo "Python 3.11 or later is needed, $python is $("$python" -V 2>&1). Name another: make PYTHON=…" >&2
  exit 2
fi
"$python" -m venv "$venv" 2>/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && exec "$python" -m venv "$venv"
fi
echo "无法建立虚拟环境：请安装 venv 模块（Debian/Ubuntu: apt-get install python3-venv）。" >&2
echo "Cannot make a virtual environment: install the venv module (Debian/Ubuntu: apt-get install python3-venv)." >&2
exit 2
