// Values that a user carries elsewhere: by copying, by camera, or by voice.
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html, inlineSvg } from '../html.ts'
import { withIcon } from './icon.ts'

export interface CopyField {
  readonly id: string
  readonly label: Html | string
  readonly groups: readonly (string | Html)[]
  /** `copyButton` for the same id, on pages that load the module `copy`. */
  readonly action?: Html | undefined
}

/** A value to be copied elsewhere: one click selects all of it; it is shown in groups and copied without them. */
export function copyField({ id, label, groups, action }: CopyField): Html {
  return html`<dl class="copy">
    <dt>${label}</dt>
    <dd><code id="${id}">${groups.map((group) => html`<span>${group}</span>`)}</code>${action}</dd>
  </dl>`
}

/** The words of a command, of which none breaks at its hyphens where the line is too short for it. */
export function commandWords(command: string): Html {
  return html`${command.split(' ').map((word, at) => html`${at > 0 && ' '}<span class="whole">${word}</span>`)}`
}

/** A command for a terminal, in a box of its own; one click selects all of it. */
export function commandBox(command: string): Html {
  return html`<code class="command">${commandWords(command)}</code>`
}

/** Copies the text of the element with this id. The module `copy` shows the button, which does nothing without scripts. */
export function copyButton(say: Texts, id: string): Html {
  return copyingButton(say, { id, label: say.words.copy, look: 'quiet copies' })
}

/** The same as the one filled button of a view, with a label of its own. */
export function primaryCopyButton(say: Texts, id: string, label: string): Html {
  return copyingButton(say, { id, label, look: 'primary' })
}

interface CopyingButton {
  readonly id: string
  readonly label: string
  /** Its classes. */
  readonly look: string
}

function copyingButton({ words }: Texts, { id, label, look }: CopyingButton): Html {
  return html`<button
    class="button ${look}"
    type="button"
    data-copies="${id}"
    data-copied="${words.copied}"
    aria-describedby="${id}"
    hidden
  >
    ${withIcon('copy', label)}
  </button>`
}

/** The text in groups of four, which are easier to read and to type. */
export function inGroupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/gu) ?? []
}

/** A QR code, dark on white in every theme, because cameras need that. `label` names the alternative without a camera. */
export function qrPanel({ drawing, label }: { drawing: Secret; label: string }): Html {
  return html`<div class="qr" role="img" aria-label="${label}">${inlineSvg(drawing)}</div>`
}

/** The reference of a refusal, by which an admin finds its audit event; it reveals nothing to the user. The module `copy` copies it. */
export function referenceLine(say: Texts, reference: string): Html {
  return copiedId(say, 'refusal-reference', say.error.reference, reference)
}

/** The id of the request in the log. It is not a reference, because no page looks it up. */
export function requestIdLine(say: Texts, requestId: string): Html {
  return copiedId(say, 'request-id', say.error.requestId, requestId)
}

function copiedId(say: Texts, id: string, words: string, value: string): Html {
  return html`<div class="reference small">
    <p>${words}</p>
    <p><code id="${id}">${value}</code> ${copyButton(say, id)}</p>
  </div>`
}
