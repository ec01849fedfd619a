import { renderUnicodeCompact } from 'uqr'

import { beginEnrolmentFor, confirmEnrolmentFor } from '../../administration/invitations/enrolment-at-hand.service.ts'
import { contextFor } from '../../context.ts'
import type { User } from '../../users/user.ts'
import { OPERATOR } from '../../boot.ts'
import { EXIT } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Working } from '../invocation.ts'
import { askText } from '../prompt.ts'

const MAX_RETRIES = 5

/** Shows the setup key and asks for a code until one fits; the user exists already and may also enrol at a sign-in. */
export async function enrolInTerminal({ doorward, ctx, out }: Working, user: User): Promise<void> {
  const { id, secret, otpauthUri } = await beginEnrolmentFor(ctx, user)
  out.warn(renderUnicodeCompact(otpauthUri.reveal(), { border: 2 }))
  out.warn(`  Scan this with an authenticator app, or type its setup key: ${inGroups(secret.reveal())}`)
  for (let tries = 0; tries < MAX_RETRIES; tries++) {
    const code = await askText('Code from the app')
    // The code is judged at the moment it was typed, not when the command began.
    const outcome = await confirmEnrolmentFor(contextFor(doorward, OPERATOR), { user, id, code })
    if (outcome === 'confirmed') return out.done(`Second step set up`)
    if (outcome === 'missing') break
    out.warn('  That code did not match. Wait for the next one and try again.')
  }
  const detail = 'The second step was not set up; the user sets it up at their first sign-in.'
  throw new CliFailure({ exit: EXIT.notAllowed, code: 'totp.code_wrong', title: 'Code refused', detail })
}

function inGroups(key: string): string {
  return key.replaceAll(/.{4}(?=.)/g, '$& ')
}
