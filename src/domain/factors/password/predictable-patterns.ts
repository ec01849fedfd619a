// Predictable passwords: runs of neighbouring keys, letters or digits, and repetitions.

/** The alphabet, the digits, and the rows, columns and zigzags of English, German and French keyboards, in both directions. */
const LINES = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopüasdfghjklöäyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((line) => [line, Array.from(line).toReversed().join('')])
const SHORTEST_RUN = 3
/** The longest repeated unit that is rejected; a repeated longer word is no weaker than the word. */
const LONGEST_UNIT = 4

/** Whether a folded password is made of runs only, such as `abcdefgh`, `12345678` or `qwertz123`, or repeats up to four characters. */
export function isPredictablePattern(text: string): boolean {
  return isRepeated(text) || isRuns(text)
}

function isRepeated(text: string): boolean {
  const characters = Array.from(text)
  const lengths = Array.from({ length: LONGEST_UNIT }, (_, index) => index + 1)
  return lengths.some((length) => {
    const isPeriod = characters.every((character, index) => character === characters[index % length])
    return characters.length >= 2 * length && isPeriod
  })
}

function isRuns(text: string): boolean {
  let rest = text
  while (rest !== '') {
    const length = runAtStart(rest)
    if (length < SHORTEST_RUN) return false
    rest = rest.slice(length)
  }
  return true
}

/** Returns how many code units at the start of the text are a part of one of the lines. */
function runAtStart(text: string): number {
  let length = 0
  while (length < text.length && LINES.some((line) => line.includes(text.slice(0, length + 1)))) length += 1
  return length
}
