@ The ARM stub: short descriptors. It lies at 0xFFF00000, the last megabyte, which every tested table maps one to one by a section of
@ domain 15, so the MMU goes on and off under its feet; the vectors are the high ones, in the same megabyte. In use: r4 the query,
@ r5 the answer. Every access ends in an exception; `caught` takes its number in r1.
.syntax unified
.arch armv7-a
.arm
.equ BOX, 0xFFF01000
.equ COUNT, 4
.equ STACK, 0xFFF05000
.equ QUERIES, 0xFFF10000
.equ ANSWERS, 0xFFF80000

start:
    ldr r10, =BOX
    @ Faults are masked interrupts' business only: none come.
    cpsid aif
idle:
    mov r0, #0
    dsb
    str r0, [r10]
wait:
    ldr r0, [r10]
    cmp r0, #1
    bne wait
    dsb
    ldr r0, [r10, #8]
    mcr p15, 0, r0, c2, c0, 0       @ TTBR0
    ldr r0, [r10, #16]
    mcr p15, 0, r0, c2, c0, 1       @ TTBR1
    ldr r0, [r10, #24]
    mcr p15, 0, r0, c2, c0, 2       @ TTBCR
    ldr r0, [r10, #32]
    mcr p15, 0, r0, c3, c0, 0       @ DACR
    ldr r0, [r10, #48]
    mcr p15, 0, r0, c13, c0, 1      @ CONTEXTIDR
    mov r0, #0
    mcr p15, 0, r0, c8, c7, 0       @ TLBIALL
    isb
    ldr r0, [r10, #40]
    mcr p15, 0, r0, c1, c0, 0       @ SCTLR
    isb
    ldr r4, =QUERIES
    ldr r5, =ANSWERS
query:
    ldr r0, [r10, #COUNT]
    cmp r0, #0
    beq finish
    sub r0, r0, #1
    str r0, [r10, #COUNT]
    mov r0, #0
    mcr p15, 0, r0, c8, c7, 0
    dsb
    isb
    ldr r6, [r4]
    ldr r7, [r4, #8]
    ldr r8, [r4, #12]
    ands r1, r7, #3
    adr r2, load
    beq aimed
    cmp r1, #1
    adr r2, store
    beq aimed
    mov r2, r6
aimed:
    mov r3, #0xD0                   @ USR
    tst r7, #0x100
    movne r3, #0xD3                 @ SVC
    msr spsr_cxsf, r3
    mov r0, #0
    movs pc, r2
load:
    ldr r0, [r6]
    svc #0
store:
    str r8, [r6]
    svc #0

undefined:
    mov r1, #1
    b caught
call:
    mov r1, #2
    b caught
prefetch:
    mov r1, #3
    b caught
data:
    mov r1, #4
caught:
    str r1, [r5]
    str r0, [r5, #8]
    cmp r1, #3
    mrcne p15, 0, r2, c5, c0, 0     @ DFSR
    mrceq p15, 0, r2, c5, c0, 1     @ IFSR
    str r2, [r5, #4]
    mrcne p15, 0, r2, c6, c0, 0     @ DFAR
    mrceq p15, 0, r2, c6, c0, 2     @ IFAR
    str r2, [r5, #16]
    mov r2, #0
    str r2, [r5, #20]
    str lr, [r5, #12]
    cps #0x13
    add r4, r4, #16
    add r5, r5, #32
    b query
finish:
    ldr r0, =0x00C52078             @ MMU off, high vectors
    mcr p15, 0, r0, c1, c0, 0
    isb
    b idle
.ltorg

.org 0xF0000
    b start
    b undefined
    b call
    b prefetch
    b data
    b .
    b .
    b .
