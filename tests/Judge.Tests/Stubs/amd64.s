# The 64-bit stub: four-level tables. It lies at 0xFFE00000, the last 2 MB below 4 GB; every tested table maps it at the last 2 MB of the
# address space, and so do the tables that it starts with, which map it one to one besides. In use: rbp the query, rdi the answer,
# r15 the mailbox. Every access ends in an exception or in an interrupt, and each of those comes to `caught`.
.intel_syntax noprefix
.set HIGH, 0xFFFFFFFF00000000
.set BOX, 0xFFE01000
.set COMMAND, 0
.set COUNT, 4
.set CR3_VALUE, 8
.set CR0_VALUE, 16
.set CR4_VALUE, 24
.set EFER_VALUE, 32
.set PKRU_VALUE, 40
.set IDT, 0xFFE02000
.set TSS, 0xFFE03000
.set STACK, 0xFFE05000
.set USER_STACK, 0xFFE06000
.set HOME, 0xFFE0A000
.set QUERIES, 0xFFE10000
.set ANSWERS, 0xFFE80000

.code32
start:
    mov eax, 0x10
    mov ds, eax
    mov ss, eax
    mov esp, STACK
    mov eax, 0x20
    mov cr4, eax
    mov ecx, 0xC0000080
    rdmsr
    or eax, 0x900
    wrmsr
    mov eax, HOME
    mov cr3, eax
    mov eax, 0x80010011
    mov cr0, eax
    .byte 0xEA
    .long wide
    .word 0x30
.code64
wide:
    movabs rax, offset high + HIGH
    jmp rax
high:
    lgdt [rip + gdt_pointer]
    lea r15, [rip + start + (BOX - 0xFFE00000)]
    lea rsp, [r15 + (STACK - BOX)]
    mov eax, 0x23
    mov ds, eax
    mov es, eax
    mov eax, 0x10
    mov ss, eax
    lea rdi, [r15 + (IDT - BOX)]
    lea rbx, [rip + vectors]
    mov ecx, 129
gate:
    mov [rdi], bx
    mov dword ptr [rdi + 2], 0x30
    mov word ptr [rdi + 4], 0xEE00
    mov rax, rbx
    shr rax, 16
    mov [rdi + 6], ax
    shr rax, 16
    mov [rdi + 8], eax
    mov dword ptr [rdi + 12], 0
    add rdi, 16
    add rbx, 16
    dec ecx
    jnz gate
    lidt [rip + idt_pointer]
    lea rax, [r15 + (STACK - BOX)]
    mov [r15 + (TSS - BOX) + 4], rax
    mov eax, 0x40
    ltr ax
idle:
    mov dword ptr [r15 + COMMAND], 0
wait:
    pause
    cmp dword ptr [r15 + COMMAND], 1
    jne wait
    mov ecx, 0xC0000080
    mov eax, [r15 + EFER_VALUE]
    xor edx, edx
    wrmsr
    mov rax, [r15 + CR4_VALUE]
    mov cr4, rax
    test eax, 0x400000
    jz keyless
    mov eax, [r15 + PKRU_VALUE]
    xor ecx, ecx
    xor edx, edx
    wrpkru
keyless:
    mov rax, [r15 + CR3_VALUE]
    mov cr3, rax
    mov rax, [r15 + CR0_VALUE]
    mov cr0, rax
    lea rbp, [r15 + (QUERIES - BOX)]
    lea rdi, [r15 + (ANSWERS - BOX)]
query:
    lea rsp, [r15 + (STACK - BOX)]
    cmp dword ptr [r15 + COUNT], 0
    je finish
    dec dword ptr [r15 + COUNT]
    mov rax, cr3
    mov cr3, rax
    mov rbx, [rbp]
    mov ecx, [rbp + 8]
    mov edx, [rbp + 12]
    lea rsi, [rip + load]
    test ecx, 3
    jz aimed
    lea rsi, [rip + store]
    test ecx, 1
    jnz aimed
    mov rsi, rbx
aimed:
    xor eax, eax
    test ecx, 0x100
    jz user
    jmp rsi
user:
    push 0x23
    lea rax, [r15 + (USER_STACK - BOX)]
    push rax
    push 2
    push 0x3B
    push rsi
    xor eax, eax
    iretq
load:
    mov eax, [rbx]
    int 0x80
store:
    mov [rbx], edx
    int 0x80
caught:
    mov [rdi + 8], eax
    pop rax
    mov [rdi], eax
    pop rax
    mov [rdi + 4], eax
    pop rax
    mov [rdi + 12], eax
    mov rax, cr2
    mov [rdi + 16], rax
    add rbp, 16
    add rdi, 32
    jmp query
finish:
    mov eax, HOME
    mov cr3, rax
    jmp idle

gdt_pointer:
    .word 10 * 8 - 1
    .quad gdt + HIGH
idt_pointer:
    .word 129 * 16 - 1
    .quad IDT + HIGH

# Vectors 8, 10 to 14 and 17 push an error code themselves.
.balign 16
vectors:
.set n, 0
.rept 129
    .balign 16
    .if (n == 8) || ((n >= 10) && (n <= 14)) || (n == 17)
    .else
    push 0
    .endif
    .byte 0x68
    .long n
    jmp caught
    .set n, n + 1
.endr

# The reset vector's segment starts at 0xFFFF0000.
.org 0x1FF000
.code16
boot:
    cli
    data32 lgdt cs:[boot_pointer - start - 0x1F0000]
    mov eax, cr0
    or al, 1
    mov cr0, eax
    .byte 0x66, 0xEA
    .long start
    .word 0x08
.balign 16
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF
    .quad 0x00CF93000000FFFF
    .quad 0x00CFFB000000FFFF
    .quad 0x00CFF3000000FFFF
    .quad 0
    .quad 0x00AF9B000000FFFF
    .quad 0x00AFFB000000FFFF
    .quad 0xFF0089E030000067
    .quad 0x00000000FFFFFFFF
boot_pointer:
    .word 10 * 8 - 1
    .long gdt
.org 0x1FFFF0
    jmp boot
