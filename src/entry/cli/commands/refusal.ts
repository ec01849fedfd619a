import { presentRefusedEvent } from '#use-cases/administration/audit/refused-event.schema.ts'
import { readRefusedEvent, type RefusedEvent } from '#use-cases/administration/audit/refused-event.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { counted, momentIn, printFields } from '../terminal/list.ts'
import type { Output } from '../terminal/output.ts'

/** The form of request ids that this server makes. An error page without a reference shows one. */
const REQUEST_ID = /^[\w-]{12}$/

export function addRefusal(program: CliCommand): void {
  program
    .command('refusal')
    .description('explain refusals')
    .command('show')
    .description('explain a refusal')
    .argument('<reference>', 'reference that the user was shown')
    .withExamples(
      'refusal show 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10',
      'refusal show 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10 --json',
    )
    .action(withContext(show))
}

async function show({ ctx, out }: Working, id: string): Promise<void> {
  const reference = id.trim()
  if (REQUEST_ID.test(reference)) {
    const detail = 'This looks like a request ID. Search the server log for it (requestId).'
    throw CliFailure.refusal('audit_event.not_found', detail)
  }
  const event = await readRefusedEvent(ctx, reference)
  const shown = presentRefusedEvent(event)
  if (out.form === 'json') return out.json(shown)
  const { reason, explanation } = shown
  printFields(out, [
    ['reference', event.id],
    ['when', { at: event.at }],
    ['what', `${shown.sentence} (${event.action})`],
    ['reason', reason === null ? 'not recorded' : [explanation, `(${reason})`].filter(Boolean).join(' ')],
    ['who', userText(event)],
    ['second step', event.factor ?? '–'],
    ['clock', clockText(event)],
    ['policy', `second step ${event.secondFactor}`],
    ['address', event.address ?? '–'],
    ['network', event.network ?? '–'],
    ['agent', event.agent ?? '–'],
    ...event.buckets.map((bucket) => [`attempts: ${bucket.kind}`, bucketText(out, bucket)] as const),
  ])
}

function userText({ person, meant }: RefusedEvent): string {
  if (person !== null) return person.username ?? `${person.subject} (deleted)`
  return meant === 'no-user' ? 'unknown user' : 'none'
}

function clockText({ minutesAhead }: RefusedEvent): string {
  if (minutesAhead === null) return '–'
  const minutes = counted(Math.abs(minutesAhead), 'minute')
  return `the app's clock was about ${minutes} ${minutesAhead < 0 ? 'behind' : 'ahead'}`
}

const CLIENTS = {
  untrusted: 'unknown browsers or programs',
  'device-cookie-client': 'a browser they have used before',
  session: 'their sessions',
}

function bucketText(
  out: Output,
  { clientClass, failures, blockedUntil, isLockedOut }: RefusedEvent['buckets'][number],
): string {
  const next =
    blockedUntil === null ? 'next attempt allowed now' : `next attempt allowed at ${momentIn(out, blockedUntil)}`
  return `${failures} failed from ${CLIENTS[clientClass]}, ${isLockedOut ? 'locked until an admin unlocks the user' : next}`
}
