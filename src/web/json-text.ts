/**
 * JSON, on one line unless it is to be indented. `JSON.stringify` leaves some control characters of terminals as they are, and
 * those that turn the writing around.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
