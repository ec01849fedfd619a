/** JSON on one line. `JSON.stringify` leaves some control characters of terminals as they are. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007F-\u009F\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
