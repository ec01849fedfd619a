import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'

const COUNTER_BITS = 12
const FIRST_COUNTER_MASK = 0x7ff

/**
 * Makes UUIDv7 ids (RFC 9562 §5.7) as lower-case text, each greater than the one before it even when the moment stands
 * still or runs back a little; where a clock that was ahead is right again, ids begin anew from there. The 12 bits after
 * the time count within a millisecond (§6.2, method 1) from a random start in their lower half, and borrow the next
 * millisecond when they run out. 62 random bits follow. One for each clock.
 */
export function idMaker(random: RandomBytes): (now: Instant) => string {
  let latest = -1
  let counter = 0
  return (now) => {
    if (now > latest || latest - now > CLOCK_TOLERANCE) {
      latest = now
      counter = firstCounter(random)
    } else if ((counter += 1) >> COUNTER_BITS > 0) {
      latest += 1
      counter = firstCounter(random)
    }
    return uuid(latest, counter, random(8))
  }
}

/** The text from which on ids lie that were made at this moment or later; earlier ones are less. */
export function idsFrom(moment: Instant): string {
  const hex = Math.max(0, moment).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

function firstCounter(random: RandomBytes): number {
  return Buffer.from(random(2)).readUInt16BE() & FIRST_COUNTER_MASK
}

function uuid(now: Instant, counter: number, tail: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes.set(tail, 8)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
