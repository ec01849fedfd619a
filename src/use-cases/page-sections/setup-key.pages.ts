import type { SetupKey } from '#domain/factors/totp/setup-key.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { copyButton, copyField, inGroupsOfFour, qrPanel } from '#foundation/web/components/copy.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { type Html, html } from '#foundation/web/html.ts'

const KEY = 'setup-key'

/**
 * The setup key in its three forms. The stylesheet shows the link first and the QR code folded on phones, which cannot scan themselves; on
 * other devices it shows no link and the QR code first. A page that shows it loads the module `copy`.
 */
export function setupKeyPart(say: Texts, { secret, otpauthUri, qrSvg }: SetupKey): Html {
  const { enrolment } = say
  const groups = inGroupsOfFour(secret.reveal())
  return html`<h2 class="by-desk">${enrolment.scan}</h2>
    <a class="button primary by-touch" id="open-app" href="${otpauthUri.reveal()}"
      >${withIcon('app', enrolment.otpauth)}</a
    >
    ${copyField({ id: KEY, label: enrolment.setupKey, groups, action: copyButton(say, KEY) })}
    <details class="scan">
      <summary>${enrolment.otherDevice}</summary>
      ${qrPanel({ drawing: qrSvg, label: enrolment.qrLabel })}
    </details>
    <details>
      <summary>${enrolment.which}</summary>
      <p>${enrolment.whichText}</p>
      <p>${enrolment.detailsText}</p>
    </details>`
}
