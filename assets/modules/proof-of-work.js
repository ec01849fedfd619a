// Solves the proof of work of a form (Hashcash): finds the number for which SHA-256 of `challenge:number` begins with enough bits that are
// 0. It begins with the first key and works in slices, so that typing stays smooth; a form that is sent too early waits for it.

/** Milliseconds of one slice. */
const SLICE = 20

const PRIMES = []
for (let number = 2; PRIMES.length < 64; number++)
  if (PRIMES.every((prime) => number % prime !== 0)) PRIMES.push(number)
/** The first 32 bits of the fractions of the roots of primes (FIPS 180-4 §4.2.2 and §5.3.3). */
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0
const ROUND_CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

const schedule = new Int32Array(64)

/** Adds one block of 64 bytes to the state of SHA-256 (FIPS 180-4 §6.2.2). */
function compress(state, view, offset) {
  for (let at = 0; at < 16; at++) schedule[at] = view.getInt32(offset + at * 4)
  for (let at = 16; at < 64; at++) {
    const [x, y] = [schedule[at - 15], schedule[at - 2]]
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    schedule[at] = schedule[at - 16] + s0 + schedule[at - 7] + s1
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let at = 0; at < 64; at++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[at] + schedule[at]) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
  state[5] += f
  state[6] += g
  state[7] += h
}

/** Returns a function that tries numbers for some milliseconds; it returns the solution, or undefined if there was none yet. */
export function newSolver(challenge, bits) {
  const prefix = new TextEncoder().encode(`${challenge}:`)
  const start = prefix.length - (prefix.length % 64)
  const afterPrefix = Int32Array.from(INITIAL)
  const whole = new DataView(prefix.buffer)
  for (let offset = 0; offset < start; offset += 64) compress(afterPrefix, whole, offset)
  const rest = prefix.subarray(start)
  const block = new Uint8Array(128)
  const view = new DataView(block.buffer)
  const state = new Int32Array(8)
  const isSolution = (number) => {
    const digits = String(number)
    const length = rest.length + digits.length
    const end = length + 9 > 64 ? 128 : 64
    block.fill(0)
    block.set(rest)
    for (let at = 0; at < digits.length; at++) block[rest.length + at] = digits.charCodeAt(at)
    block[length] = 0x80
    view.setUint32(end - 4, (prefix.length + digits.length) * 8)
    state.set(afterPrefix)
    compress(state, view, 0)
    if (end === 128) compress(state, view, 64)
    return bits === 0 || state[0] >>> (32 - bits) === 0
  }
  let number = 0
  return (milliseconds) => {
    const until = performance.now() + milliseconds
    do {
      for (let tries = 0; tries < 256; tries++, number++) if (isSolution(number)) return String(number)
    } while (performance.now() < until)
    return undefined
  }
}

for (const form of globalThis.document?.querySelectorAll('form[data-proof-of-work]') ?? []) {
  const { challenge, solution } = form.elements
  const note = form.querySelector('[data-proof-note]')
  // A browser may restore the fields of an earlier page, whose challenge is spent.
  challenge.value = form.dataset.challenge
  solution.value = ''
  const solve = newSolver(challenge.value, Number(form.dataset.proofOfWork))
  let isBegun = false
  let isSent = false
  const work = () => {
    const found = solve(SLICE)
    if (found === undefined) return void setTimeout(work)
    solution.value = found
    note.textContent = isSent ? '' : form.dataset.solved
    if (isSent) form.requestSubmit()
  }
  const begin = () => {
    if (!isBegun) setTimeout(work)
    isBegun = true
  }
  form.addEventListener('input', begin)
  form.addEventListener('submit', (event) => {
    isSent = true
    if (solution.value !== '') return
    event.preventDefault()
    note.textContent = form.dataset.working
    begin()
  })
  // The page came back from the browser's history: its challenge is spent.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && isSent) location.reload()
  })
}
