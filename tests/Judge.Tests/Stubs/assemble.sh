#!/usr/bin/env bash
# Turns the stubs' sources into the .hex files beside them, which the tests embed: a line `offset bytes` for every 32 bytes that are not
# zero. Only needed after a change of a stub. Needs binutils and, for ARM and MIPS, binutils-arm-linux-gnueabi and binutils-mips-linux-gnu.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

assemble() {
  name=$1 prefix=$2 address=$3 linker=$4
  shift 4
  "${prefix}as" "$@" -o "$work/$name.o" "$name.s"
  "${prefix}ld" $linker --no-dynamic-linker -e 0 -Ttext="$address" -o "$work/$name.elf" "$work/$name.o" 2> "$work/log" || { cat "$work/log"; exit 1; }
  "${prefix}objcopy" -O binary -j .text "$work/$name.elf" "$work/$name.bin"
  od -An -v -tx1 -w32 "$work/$name.bin" | awk '{ gsub(/ /, ""); if ($0 !~ /^0*$/) printf "%x %s\n", (NR - 1) * 32, $0 }' > "$name.hex"
}

for name in "${@:-all}"; do
  case $name in
    ia32|all) assemble ia32 "" 0xFFE00000 "-m elf_i386" --32 ;;&
    amd64|all) assemble amd64 "" 0xFFE00000 "-m elf_x86_64" --64 ;;&
    armv7|all) [ -e armv7.s ] && assemble armv7 arm-linux-gnueabi- 0xFFF00000 "" -march=armv7-a ;;&
    mips|all) [ -e mips.s ] && assemble mips mips-linux-gnu- 0xFFFFFFFFBFC00000 "-m elf64ltsmip" -mips3 -mabi=64 -EL ;;&
  esac
done
