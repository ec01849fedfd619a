// The failures counted in a bucket, in words, for the page of a user and that of a refused event.
import type { BucketCount, BucketState } from '../../../domain/throttle/throttle-state.service.ts'
import { chip } from '../../../foundation/web/components/status.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'

/** One row: how many failures of which clients, and whether the next guess is allowed. */
export function failuresRow(
  reader: MomentReader,
  bucket: ShownBucket,
): { readonly name: string; readonly detail: Html } {
  return { name: failureText(reader, bucket), detail: blockText(reader, bucket) }
}

type ShownBucket = BucketCount & Pick<BucketState, 'clientClass'> & { readonly kind: BucketState['kind'] | 'network' }

function failureText({ say }: MomentReader, { kind, clientClass, failures }: ShownBucket): string {
  const { tries } = say.user
  if (kind === 'network') return say.activity.trace.fromNetwork(failures)
  const by = { untrusted: tries.strangers, 'device-cookie-client': tries.browser, session: tries.session }
  return by[clientClass](tries[kind](failures))
}

function blockText(reader: MomentReader, { blockedUntil, shut }: ShownBucket): Html {
  const { tries } = reader.say.user
  if (shut) return chip('danger', tries.shut)
  if (blockedUntil === null) return html`${tries.free}`
  return html`${tries.waits} ${moment(reader, blockedUntil)}.`
}
