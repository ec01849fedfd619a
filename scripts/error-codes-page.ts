// Generates docs/error-codes.md from the tables of error codes and of field errors.
import { EXIT_OF_KIND } from '#entry/cli/terminal/exit-codes.ts'
import { INTERNAL } from '#entry/http/errors/errors.ts'
import { type RefusalCode, REFUSALS } from '#foundation/kernel/refusal.ts'
import { type FieldErrorCode, fieldErrors as fieldErrorsInEnglish } from '#foundation/texts/english/field-errors.ts'
import { STATUS_OF } from '#foundation/web/http/problem.ts'

const HEAD = `# Error codes

Every error that Doorward returns on purpose. Over HTTP it is a problem document (RFC 9457, \`application/problem+json\`):
\`code\` is the name below, \`title\` and \`detail\` are its sentences, and \`type\` is \`{public_url}/problems/{code}\`, a page that
this server serves. Compare \`code\` in programs. The sentences may change. On the command line an error is one sentence on
standard error, a problem document with \`--json\`, and the exit code in the last column.

- 401 carries \`WWW-Authenticate\`, with \`insufficient_user_authentication\` (RFC 9470) where the session must re-authenticate.
- 405 carries \`Allow\`; 429 and 503 carry \`Retry-After\` in seconds.
- The true reason for a refused sign-in is in the audit log only.
- 500 is a bug: code \`${INTERNAL.code}\`, “${INTERNAL.detail}”, and the cause in the log of the server.

This page is made by \`npm run docs\` from the tables in \`src/foundation/kernel/refusals/\`, one file for each area, and in
\`src/foundation/texts/english/field-errors.ts\`.

| Code | HTTP | Title | Detail | Exit |
| --- | --- | --- | --- | --- |
`

const FIELD_ERRORS_HEAD = `
## Field errors

Where fields are invalid, \`errors\` lists each as \`{pointer, code, detail}\`; \`pointer\` is a JSON Pointer (RFC 6901) to the field.
Submitted values are never repeated. \`N\` and \`…\` stand for values that vary.

| Code | Detail |
| --- | --- |
`

/** Placeholders for the numbers and names of a sentence. */
const ANY_FACTS = {
  comparison: '>=',
  minimum: 'N',
  maximum: 'N',
  limit: 'N',
  line: 'N',
  users: 'N',
  least: '…',
  most: '…',
  wanted: '…',
  choices: '…',
  format: '…',
  domains: '…',
  entry: '…',
  columns: '…',
  policy: '…',
  other: '…',
  names: '…',
  more: 0,
}

/** The text of `docs/error-codes.md`. */
export function errorCodesPage(): string {
  const codes = Object.keys(REFUSALS) as RefusalCode[]
  const fieldErrors = Object.keys(fieldErrorsInEnglish) as FieldErrorCode[]
  return [HEAD, ...codes.map(errorCodeLine), FIELD_ERRORS_HEAD, ...fieldErrors.map(fieldErrorLine)].join('')
}

function errorCodeLine(code: RefusalCode): string {
  const { kind, title, detail } = REFUSALS[code]
  return row([`\`${code}\``, STATUS_OF[kind], title, detail, EXIT_OF_KIND[kind]])
}

function fieldErrorLine(code: FieldErrorCode): string {
  const sentence = fieldErrorsInEnglish[code](ANY_FACTS)
  if (sentence.includes('undefined')) throw new Error(`ANY_FACTS lacks a placeholder for ${code}`)
  return row([`\`${code}\``, sentence])
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`
}
