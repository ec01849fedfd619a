import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { THEMES } from '../http/theme.ts'
import type { Theme } from '../http/theme.ts'

/**
 * The choice of the system's, the light or the dark theme for this browser. It is a form, so that it works without scripts and the first
 * paint is right.
 */
export function themeSwitch(
  say: Texts,
  { theme, place, formToken }: { readonly theme: Theme; readonly place: string; readonly formToken?: Html | undefined },
): Html {
  return html`<form class="themes" method="post" action="/theme">
    <fieldset>
      <legend>${say.words.theme}</legend>
      ${formToken}
      <input type="hidden" name="next" value="${place}" />
      ${THEMES.map((one) => choice(say, one, one === theme))}
    </fieldset>
  </form>`
}

function choice(say: Texts, theme: Theme, isChosen: boolean): Html {
  return html`<button
    class="button quiet"
    type="submit"
    name="theme"
    value="${theme}"
    aria-pressed="${String(isChosen)}"
  >
    ${say.words.themes[theme]}
  </button>`
}
