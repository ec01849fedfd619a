import { CODES_IN_A_SET } from '../../../domain/factors/recovery-codes/recovery-code.ts'
import type { RecoveryCodesLeft } from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import { linkButton } from '../../../foundation/web/components/button.ts'
import { rowList, section } from '../../../foundation/web/components/section.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { SecurityReader } from '../own-account/security-reader.ts'

export const NEW_CODES = '/account/security/recovery-codes'

/** The section of the security page that shows how many codes are left, with a link to make new ones. */
export function recoveryCodesSection(reader: SecurityReader, { left, madeAt }: RecoveryCodesLeft): Html {
  const { say, config } = reader
  const { section: words } = say.recoveryCodes
  const row = {
    name: madeAt === null ? words.none : words.left(left, CODES_IN_A_SET),
    detail: madeAt === null ? undefined : html`${words.made} ${moment(reader, madeAt)}`,
    action: linkButton(NEW_CODES, words.make),
  }
  return section({
    id: 'recovery-codes',
    title: words.title,
    lead: words.lead,
    body: html`${rowList([row])} ${apiEquivalent(say, config, { method: 'GET', path: '/users/me/recovery-codes' })}`,
  })
}
