// The text of docs/refusals.md, made from the tables of refusals and of faults.
import { EXIT_OF_KIND } from '../src/cli/exit-codes.ts'
import { INTERNAL } from '../src/http/internal-problem.ts'
import type { RefusalCode } from '../src/kernel/refusal.ts'
import { REFUSALS } from '../src/kernel/refusals.ts'
import { faultsInEnglish } from '../src/web/texts/english/faults.ts'
import type { FaultCode } from '../src/web/texts/english/faults.ts'
import { STATUS_OF } from '../src/web/problem.ts'

const HEAD = `# Refusals

Every way Doorward says no. Over HTTP a refusal is a problem document (RFC 9457, \`application/problem+json\`): \`code\` is the
name below, \`title\` and \`detail\` are its sentences, and \`type\` is \`{public_url}/problems/{code}\`, a page that this server
serves. Switch on \`code\`; sentences may be bettered. On the command line a refusal is one sentence on standard error, a
problem document with \`--json\`, and the exit code in the last column.

- 401 carries \`WWW-Authenticate\`; where a proof is too old, with \`insufficient_user_authentication\` (RFC 9470).
- 405 carries \`Allow\`; 429 and 503 carry \`Retry-After\` in seconds.
- The true reason of a refused sign-in is in the audit log only.
- 500 is a bug: code \`${INTERNAL.code}\`, “${INTERNAL.detail}”, and the cause in the log of the server.

This page is made from the tables in \`src/kernel/refusal.ts\` and \`src/web/texts/english/faults.ts\` by \`npm run docs\`.
`

const FAULTS_HEAD = `
## Faults of one field

Where fields are wrong, \`errors\` lists each as \`{pointer, code, detail}\`; \`pointer\` is a JSON Pointer (RFC 6901) to the field.
A value that was sent is never repeated. \`N\` and \`…\` stand for what differs.

| Code | Detail |
| --- | --- |
`

/** Stands for the numbers and names that a sentence needs. */
const ANY_FACTS = { wanted: '…', minimum: 'N', maximum: 'N', comparison: '>=', limit: 'N', choices: '…', format: '…' }

/** The text of `docs/refusals.md`. */
export function refusalsPage(): string {
  const codes = Object.keys(REFUSALS) as RefusalCode[]
  const faults = Object.keys(faultsInEnglish) as FaultCode[]
  return [
    HEAD,
    ...featuresOf(codes).map((feature) => section(feature, codes)),
    FAULTS_HEAD,
    ...faults.map(faultLine),
  ].join('')
}

function featuresOf(codes: readonly RefusalCode[]): string[] {
  return [...new Set(codes.map(featureOf))]
}

function featureOf(code: string): string {
  return code.slice(0, code.indexOf('.'))
}

function section(feature: string, codes: readonly RefusalCode[]): string {
  const lines = codes.filter((code) => featureOf(code) === feature).map(refusalLine)
  return `\n## ${feature}\n\n| Code | HTTP | Title | Detail | Exit |\n| --- | --- | --- | --- | --- |\n${lines.join('')}`
}

function refusalLine(code: RefusalCode): string {
  const { kind, title, detail } = REFUSALS[code]
  return row([`\`${code}\``, STATUS_OF[kind], title, detail, EXIT_OF_KIND[kind]])
}

function faultLine(code: FaultCode): string {
  return row([`\`${code}\``, faultsInEnglish[code](ANY_FACTS)])
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`
}
