import { randomBytes as secureBytes } from 'node:crypto'
import type { RandomBytes } from '../../kernel/secret-token.ts'

/** Bytes from the operating system's secure source. */
export const randomBytes: RandomBytes = (size) => secureBytes(size)
