/* What layouts.swift needs of C. */
#pragma once

#include <malloc.h>

#include "kernel.h"

/* Bytes that the program has from malloc now. */
static inline size_t bytes_in_use(void) {
    return mallinfo2().uordblks;
}
