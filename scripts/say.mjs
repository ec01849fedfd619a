// Prints messages of the scripts on standard error: standard output belongs to the program that they start.

export function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

/** @returns {never} */
export function fail(sentence) {
  say(sentence)
  process.exit(1)
}
