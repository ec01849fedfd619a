// The URL of an enrolment link. Tested in test/stories/lost-factor.test.ts.
import type { Secret } from '#foundation/kernel/secret.ts'

/** The page of an enrolment link; the token is its last segment. */
export const ENROLMENT_LINK_PATH = '/enrolment-link'

export function enrolmentLinkUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}${ENROLMENT_LINK_PATH}/${token.reveal()}`
}
