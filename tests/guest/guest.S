/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest of a few sectors that tells what a copy of it really holds.
 *
 * It boots under SeaBIOS in a fraction of a second and counts: on its disks (the
 * sector COUNT_LBA of the first two that the BIOS knows) and in RAM (tick, and a
 * number drawn at boot). About nine times a second it prints a line to COM1:
 *
 *   vp-guest tick=3 vda=41 vdb=17 rand=8c1f00d2 uuid=... mac=52:54:00:...,...
 *
 * "boot" stands instead of the tick in the first line; vdb is "none" without a
 * second disk, "error" where a write failed. The UUID is that of SMBIOS, the MACs
 * are read from each rtl8139 and virtio NIC. The power button powers it off.
 * The counter's sector is text too: "vp-count ", eight digits, the facts.
 *
 * Assembled with HEAVY=1 it does not sleep but writes all the time: WRITE_BLOCKS blocks of
 * WRITE_SECTORS sectors from WRITE_LBA on, each to the first disk and then to the second,
 * and over again. A block begins with the number of the round, 32 bits, from 1.
 *
 * No part of it is position independent or re-entrant; all segments are 0.
 */
    .intel_syntax noprefix
    .arch pentium
    .code16

    .set CODE_SECTORS, 7
    .set COUNT_LBA, 64
    .set COUNT_DIGITS, 9        /* offset of the digits in the sector */
    .set COUNT_FACTS, 18        /* offset of the facts */
    .set TICKS_PER_LINE, 2      /* of 18.2 a second */

    .set WRITE_LBA, 4096
    .set WRITE_SECTORS, 64
    .set WRITE_BLOCKS, 64
    .set WRITE_SEGMENT, 0x2000

    .set SECTOR_A, 0x9000
    .set SECTOR_B, 0x9200
    .set FACTS, 0x9400
    .set SMBIOS_SEGMENT, 0x1000

    .set COM1, 0x3f8
    .set PM_STATUS, 0x600       /* where SeaBIOS puts ACPI's power management */
    .set PM_ENABLE, 0x602
    .set PM_CONTROL, 0x604
    .set POWER_BUTTON, 0x0100

    .globl start
start:
    cli
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    sti
    cld
    mov si, offset code_packet
    mov dx, 0x80
    mov ah, 0x42
    int 0x13
    jnc main
stop:
    hlt
    jmp stop

    .balign 4
code_packet:
    .byte 16, 0
    .word CODE_SECTORS, code_rest, 0
    .long 1, 0

    .org 510
    .word 0xaa55
code_rest:

/* ---- the story ---- */

main:
    call serial_init
    call make_rand
    call gather_facts
    mov dl, 0x80
    mov di, SECTOR_A
    call disk_open
    mov [state_a], al
    mov dl, 0x81
    mov di, SECTOR_B
    call disk_open
    mov [state_b], al
    mov dx, PM_ENABLE
    mov ax, POWER_BUTTON
    out dx, ax

    mov si, offset text_boot
    call print
    call print_state
count:
    mov di, offset tick_last
    call increment
    mov dl, 0x80
    mov di, SECTOR_A
    mov si, offset state_a
    call disk_count
    mov dl, 0x81
    mov di, SECTOR_B
    mov si, offset state_b
    call disk_count

    mov si, offset text_tick
    call print
    mov si, offset tick
    call print_number
    call print_state
    call pause
    jmp count

print_state:
    mov si, offset text_vda
    call print
    mov al, [state_a]
    mov si, SECTOR_A + COUNT_DIGITS
    call print_disk
    mov si, offset text_vdb
    call print
    mov al, [state_b]
    mov si, SECTOR_B + COUNT_DIGITS
    call print_disk
    mov si, FACTS
    jmp print

/* Waits for the next line's time, asleep; powers off when the button was pressed. */
pause:
    mov bx, [0x46c]
1:
.ifdef HEAVY
    call write_block
.else
    hlt
.endif
    mov dx, PM_STATUS
    in ax, dx
    cmp ax, 0xffff              /* no ACPI: nothing there */
    je 2f
    test ax, POWER_BUTTON
    jz 2f
    mov dx, PM_CONTROL
    mov ax, 0x2000
    out dx, ax
2:  mov ax, [0x46c]
    sub ax, bx
    cmp ax, TICKS_PER_LINE
    jb 1b
    ret

/* ---- disks: dl the drive, di its sector in memory ---- */

/* al: 0 no such disk, 1 there and counted on. */
disk_open:
    push di
    mov ah, 0x41
    mov bx, 0x55aa
    int 0x13
    pop di
    mov al, 0
    jc 3f
    mov ah, 0x42
    call disk_io
    mov si, offset text_count
    mov cx, COUNT_DIGITS
    push di
    repe cmpsb
    pop di
    je 1f
    mov si, offset text_count   /* not ours yet: counts from nought */
    mov cx, COUNT_FACTS
    push di
    rep movsb
    pop di
1:  lea di, [di + COUNT_FACTS]
    mov si, FACTS
2:  lodsb
    stosb
    test al, al
    jnz 2b
    mov al, 1
3:  ret

/* si: the disk's state; 2 once a write failed. */
disk_count:
    cmp byte ptr [si], 1
    jne 1f
    push di
    lea di, [di + COUNT_DIGITS + 7]
    call increment
    pop di
    push si
    mov ax, 0x4300
    call disk_io
    pop si
    jnc 1f
    mov byte ptr [si], 2
1:  ret

disk_io:
    mov [count_packet + 4], di
    mov si, offset count_packet
    int 0x13
    ret

.ifdef HEAVY
write_block:
    push bx
    mov ax, WRITE_SEGMENT
    mov es, ax
    mov eax, [write_round]
    mov es:[0], eax
    xor ax, ax
    mov es, ax
    mov dl, 0x80
    call write_to
    mov dl, 0x81
    call write_to
    add dword ptr [write_packet + 8], WRITE_SECTORS
    cmp dword ptr [write_packet + 8], WRITE_LBA + WRITE_BLOCKS * WRITE_SECTORS
    jb 1f
    mov dword ptr [write_packet + 8], WRITE_LBA
    inc dword ptr [write_round]
1:  pop bx
    ret

write_to:
    mov word ptr [write_packet + 2], WRITE_SECTORS
    mov si, offset write_packet
    mov ax, 0x4300
    int 0x13
    ret
.endif

/* ---- facts: text at FACTS, the same for the whole life of this boot ---- */

make_rand:
    rdtsc
    xor eax, edx
    xor eax, [0x46c]
    imul eax, eax, 0x9e3779b1
    mov edx, eax
    shr edx, 15
    xor eax, edx
    mov [rand], eax
    ret

gather_facts:
    mov di, FACTS
    mov si, offset text_rand
    call append
    mov cx, 4
    mov bx, offset rand + 3
1:  mov al, [bx]
    dec bx
    call append_hex
    loop 1b
    mov si, offset text_uuid
    call append
    call append_uuid
    mov si, offset text_mac
    call append
    call append_macs
    mov si, offset text_end
    call append
    mov al, 0
    stosb
    ret

append_uuid:
    push di
    call smbios_find_uuid
    pop di
    jc 3f
    mov bx, offset uuid_order
1:  mov al, [bx]
    inc bx
    cmp al, 0xff
    je 4f
    cmp al, '-'
    je 2f
    push bx
    movzx bx, al
    mov al, fs:[si + bx]
    pop bx
    call append_hex
    jmp 1b
2:  stosb
    jmp 1b
3:  mov si, offset text_none
    call append
4:  ret

/* fs:si: the 16 bytes of the UUID in the system table (type 1), or carry. */
smbios_find_uuid:
    call smbios_find_entry
    jc 9f
    call smbios_copy
    mov ax, SMBIOS_SEGMENT
    mov fs, ax
    xor si, si
1:  mov al, fs:[si]
    cmp al, 1
    je 3f
    cmp al, 127
    je 8f
    movzx bx, byte ptr fs:[si + 1]
    add si, bx
2:  cmp word ptr fs:[si], 0     /* the strings end in an empty one */
    lea si, [si + 1]
    jne 2b
    inc si
    cmp si, 0xf000
    jb 1b
8:  stc
    ret
3:  add si, 8
    clc
9:  ret

/* eax: where the tables lie; looks for either kind of entry point. */
smbios_find_entry:
    mov ax, 0xf000
    mov fs, ax
    xor si, si
1:  mov eax, fs:[si]
    cmp eax, 0x5f4d535f         /* _SM_ */
    je 2f
    cmp eax, 0x334d535f         /* _SM3 */
    je 3f
    add si, 16
    jnz 1b
    stc
    ret
2:  mov eax, fs:[si + 0x18]
    clc
    ret
3:  mov eax, fs:[si + 0x10]
    clc
    ret

/* The tables may lie above 1 MiB: the BIOS copies 60 KiB of them down. */
smbios_copy:
    mov [move_source + 2], ax
    shr eax, 16
    mov [move_source + 4], al
    mov [move_source + 7], ah
    mov si, offset move_table
    mov cx, 0xf000 / 2
    mov ah, 0x87
    int 0x15
    ret

append_macs:
    mov word ptr [macs], 0
    mov bp, offset nic_models
1:  xor si, si
2:  mov cx, [bp]
    jcxz 4f
    mov dx, [bp + 2]
    mov ax, 0xb102
    push si
    push di
    int 0x1a
    pop di
    pop si
    jc 3f
    push si
    call append_mac
    pop si
    inc si
    jmp 2b
3:  add bp, 6
    jmp 1b
4:  cmp word ptr [macs], 0
    jne 5f
    mov si, offset text_none
    call append
5:  ret

/* bx: the PCI function; bp: its row of nic_models. */
append_mac:
    cmp word ptr [macs], 0
    je 1f
    mov al, ','
    stosb
1:  inc word ptr [macs]
    push di
    mov di, 4
    mov ax, 0xb109
    int 0x1a
    or cx, 1                    /* I/O space on */
    mov ax, 0xb10c
    int 0x1a
    mov di, 0x10
    mov ax, 0xb10a
    int 0x1a
    pop di
    mov dx, cx
    and dx, 0xfffc
    add dx, [bp + 4]
    mov cx, 6
2:  in al, dx
    inc dx
    call append_hex
    cmp cx, 1
    je 3f
    mov al, ':'
    stosb
3:  loop 2b
    ret

append:
    lodsb
    test al, al
    jz 1f
    stosb
    jmp append
1:  ret

append_hex:
    push ax
    shr al, 4
    call append_digit
    pop ax
    and al, 15
append_digit:
    cmp al, 10
    jb 1f
    add al, 'a' - '0' - 10
1:  add al, '0'
    stosb
    ret

/* ---- numbers: eight digits of text, di the last, si the first ---- */

increment:
    inc byte ptr [di]
    cmp byte ptr [di], '9'
    jbe 1f
    mov byte ptr [di], '0'
    dec di
    jmp increment
1:  ret

print_number:
    mov cx, 7
1:  cmp byte ptr [si], '0'
    jne 2f
    inc si
    loop 1b
2:  inc cx
3:  lodsb
    call print_char
    loop 3b
    ret

print_disk:
    cmp al, 1
    je print_number
    mov si, offset text_none
    jb print
    mov si, offset text_error

/* ---- COM1 ---- */

print:
    lodsb
    test al, al
    jz 1f
    call print_char
    jmp print
1:  ret

print_char:
    mov ah, al
    mov bp, 0xffff              /* a serial port that nobody empties must not stop us */
    mov dx, COM1 + 5
1:  in al, dx
    test al, 0x20
    jnz 2f
    dec bp
    jnz 1b
2:  mov dx, COM1
    mov al, ah
    out dx, al
    ret

serial_init:
    mov si, offset serial_setup
1:  lodsw
    cmp al, 0xff
    je 2f
    movzx dx, al
    add dx, COM1
    mov al, ah
    out dx, al
    jmp 1b
2:  ret

/* ---- data ---- */

serial_setup:                   /* register, value: 115200 8n1, FIFO on */
    .byte 1, 0, 3, 0x80, 0, 1, 1, 0, 3, 3, 2, 0xc7, 4, 3, 0xff, 0

nic_models:                     /* device, vendor, where the MAC is in BAR 0 */
    .word 0x8139, 0x10ec, 0
    .word 0x1000, 0x1af4, 0x14
    .word 0

uuid_order:
    .byte 3, 2, 1, 0, '-', 5, 4, '-', 7, 6, '-', 8, 9, '-', 10, 11, 12, 13, 14, 15, 0xff

count_packet:
    .byte 16, 0
    .word 1, 0, 0
    .long COUNT_LBA, 0

write_packet:
    .byte 16, 0
    .word WRITE_SECTORS, 0, WRITE_SEGMENT
    .long WRITE_LBA, 0
write_round: .long 1

move_table:                     /* what int 15h, ah=87h wants: two blanks, from, to, two blanks */
    .fill 16, 1, 0
move_source:
    .word 0xffff, 0
    .byte 0, 0x93, 0, 0
    .word 0xffff, 0
    .byte SMBIOS_SEGMENT >> 12, 0x93, 0, 0
    .fill 16, 1, 0

state_a: .byte 0
state_b: .byte 0
macs: .word 0
rand: .long 0
tick: .ascii "0000000"
tick_last: .ascii "0"

text_count: .ascii "vp-count 00000000\n"
text_boot: .asciz "vp-guest boot"
text_tick: .asciz "vp-guest tick="
text_vda: .asciz " vda="
text_vdb: .asciz " vdb="
text_rand: .asciz " rand="
text_uuid: .asciz " uuid="
text_mac: .asciz " mac="
text_none: .asciz "none"
text_error: .asciz "error"
text_end: .asciz "\r\n"

    .org 512 * (1 + CODE_SECTORS)
