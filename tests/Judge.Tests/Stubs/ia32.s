# The 32-bit stub: IA-32 two-level tables and PAE. It lies at 0xFFE00000, the last 2 MB below 4 GB, and every tested table maps it there
# one to one, so paging goes on and off under its feet. In use: ebp the query, edi the answer. Every access ends in an exception or in an
# interrupt, and each of those comes to `caught`.
.intel_syntax noprefix
.code32
.set BOX, 0xFFE01000
.set COMMAND, BOX + 0
.set COUNT, BOX + 4
.set CR3_VALUE, BOX + 8
.set CR0_VALUE, BOX + 16
.set CR4_VALUE, BOX + 24
.set EFER_VALUE, BOX + 32
.set IDT, 0xFFE02000
.set TSS, 0xFFE03000
.set STACK, 0xFFE05000
.set USER_STACK, 0xFFE06000
.set QUERIES, 0xFFE10000
.set ANSWERS, 0xFFE80000

start:
    mov eax, 0x23
    mov ds, eax
    mov es, eax
    mov eax, 0x10
    mov ss, eax
    mov esp, STACK
    # The interrupt table: a gate for each of the 33 entries below, open to programs.
    mov edi, IDT
    mov ebx, offset vectors
    mov ecx, 129
gate:
    mov eax, ebx
    and eax, 0xFFFF
    or eax, 0x00080000
    mov [edi], eax
    mov eax, ebx
    and eax, 0xFFFF0000
    or eax, 0xEE00
    mov [edi + 4], eax
    add edi, 8
    add ebx, 16
    dec ecx
    jnz gate
    lidt [idt_pointer]
    mov dword ptr [TSS + 4], STACK
    mov dword ptr [TSS + 8], 0x10
    mov eax, 0x28
    ltr ax
idle:
    mov dword ptr [COMMAND], 0
wait:
    pause
    cmp dword ptr [COMMAND], 1
    jne wait
    mov ecx, 0xC0000080
    mov eax, [EFER_VALUE]
    xor edx, edx
    wrmsr
    mov eax, [CR4_VALUE]
    mov cr4, eax
    mov eax, [CR3_VALUE]
    mov cr3, eax
    mov eax, [CR0_VALUE]
    mov cr0, eax
    mov ebp, QUERIES
    mov edi, ANSWERS
query:
    mov esp, STACK
    cmp dword ptr [COUNT], 0
    je finish
    dec dword ptr [COUNT]
    mov eax, cr3
    mov cr3, eax
    mov ebx, [ebp]
    mov ecx, [ebp + 8]
    mov edx, [ebp + 12]
    mov esi, offset load
    test ecx, 3
    jz aimed
    mov esi, offset store
    test ecx, 1
    jnz aimed
    mov esi, ebx
aimed:
    xor eax, eax
    test ecx, 0x100
    jz user
    jmp esi
user:
    push 0x23
    push USER_STACK
    push 2
    push 0x1B
    push esi
    iretd
load:
    mov eax, [ebx]
    int 0x80
store:
    mov [ebx], edx
    int 0x80
caught:
    pop dword ptr [edi]
    pop dword ptr [edi + 4]
    mov [edi + 8], eax
    pop eax
    mov [edi + 12], eax
    mov eax, cr2
    mov [edi + 16], eax
    xor eax, eax
    mov [edi + 20], eax
    add ebp, 16
    add edi, 32
    jmp query
finish:
    mov eax, 0x11
    mov cr0, eax
    jmp idle

idt_pointer:
    .word 129 * 8 - 1
    .long IDT

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
    data32 lgdt cs:[gdt_pointer - start - 0x1F0000]
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
    .quad 0xFF0089E030000067
gdt_pointer:
    .word 6 * 8 - 1
    .long gdt
.org 0x1FFFF0
    jmp boot
