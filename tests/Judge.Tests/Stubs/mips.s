# The MIPS stub: an R4000, little-endian. It lies at physical 0x1FC00000 and runs in kseg1, which no table maps; the boot vectors
# (Status.BEV=1) are in the same megabyte. It loads 47 TLB entries from the mailbox and makes the accesses of programs from a page that
# entry 47 maps at 0x7FFFE000. In use: $16 the mailbox, $17 the query, $18 the answer. Every access ends in an exception.
    .set noreorder
    .set noat
    .set mips3
    .equ COUNT, 4
    .equ STATUS, 8
    .equ ASID, 16
    .equ ENTRIES, 24
start:
    b main
    nop

    .org 0x200
    b caught
    li $26, 1
    .org 0x280
    b caught
    li $26, 1
    .org 0x380
    b caught
    li $26, 2

    .org 0x400
main:
    lui $8, 0x0040
    ori $8, $8, 0x0080
    mtc0 $8, $12
    lui $16, 0xBFC0
    ori $16, $16, 0x1000
idle:
    sw $0, 0($16)
wait:
    lw $8, 0($16)
    li $9, 1
    bne $8, $9, wait
    nop
    daddiu $8, $16, ENTRIES
    li $9, 0
entry:
    ld $10, 0($8)
    mtc0 $10, $5
    ld $10, 8($8)
    dmtc0 $10, $10
    ld $10, 16($8)
    dmtc0 $10, $2
    ld $10, 24($8)
    dmtc0 $10, $3
    mtc0 $9, $0
    nop
    tlbwi
    addiu $9, $9, 1
    li $10, 47
    bne $9, $10, entry
    daddiu $8, $8, 32
    mtc0 $0, $5
    lui $10, 0x7FFF
    ori $10, $10, 0xE000
    dmtc0 $10, $10
    lui $10, 0x007F
    ori $10, $10, 0x009F
    dmtc0 $10, $2
    li $10, 1
    dmtc0 $10, $3
    mtc0 $9, $0
    nop
    tlbwi
    lui $17, 0xBFC1
    lui $18, 0xBFC8
    lw $19, STATUS($16)
query:
    lw $8, COUNT($16)
    beq $8, $0, finish
    addiu $8, $8, -1
    sw $8, COUNT($16)
    ld $8, ASID($16)
    dmtc0 $8, $10
    ld $20, 0($17)
    lw $21, 8($17)
    lw $22, 12($17)
    andi $8, $21, 3
    li $9, 2
    beq $8, $9, aimed
    move $10, $20
    # The load is at 0x2000 of the stub, the store 16 bytes behind it.
    sll $8, $8, 4
    lui $10, 0xBFC0
    ori $10, $10, 0x2000
    andi $9, $21, 0x100
    bne $9, $0, aimed
    daddu $10, $10, $8
    lui $10, 0x7FFF
    ori $10, $10, 0xE000
    daddu $10, $10, $8
aimed:
    dmtc0 $10, $14
    ori $11, $19, 2
    andi $9, $21, 0x100
    bne $9, $0, go
    nop
    ori $11, $11, 0x10
go:
    mtc0 $11, $12
    move $2, $0
    move $27, $0
    nop
    eret
caught:
    sw $26, 0($18)
    mfc0 $8, $13
    sw $8, 4($18)
    or $8, $2, $27
    sw $8, 8($18)
    mfc0 $8, $14
    sw $8, 12($18)
    dmfc0 $8, $8
    sd $8, 16($18)
    daddiu $17, $17, 16
    b query
    daddiu $18, $18, 32
finish:
    lui $8, 0x0040
    ori $8, $8, 0x0080
    mtc0 $8, $12
    b idle
    nop

    .org 0x2000
load:
    lw $2, 0($20)
    syscall
    nop
    nop
store:
    sw $22, 0($20)
    syscall
