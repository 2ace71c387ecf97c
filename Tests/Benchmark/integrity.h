/* What integrity.swift uses of libnvme: not declared in its public header, but in libnvme-mi.a. */
#include <linux/types.h>
#include <stddef.h>

/* CRC-32C a bit at a time, without the complement at the end. */
__u32 nvme_mi_crc32_update(__u32 crc, void *data, size_t len);
