import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

export interface SearchForm {
  /** The path of the list. */
  readonly action: string
  /** The query parameter; also the id of the field. */
  readonly name: string
  readonly value?: string | undefined
  readonly label: string
  /** The other query parameters, such as a filter, which the search keeps. */
  readonly hidden?: Readonly<Record<string, string | undefined>>
}

/** A search in a list. Its method is GET, so that the result has a URL. */
export function searchForm({ words }: Texts, { action, name, value, label, hidden = {} }: SearchForm): Html {
  return html`<form class="search" method="get" action="${action}" role="search">
    <label for="${name}">${label}</label>
    ${Object.entries(hidden).map(hiddenField)}
    <div class="beside">
      <input
        id="${name}"
        name="${name}"
        type="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        enterkeyhint="search"
        value="${value}"
      />
      <button class="button" type="submit">${words.search}</button>
    </div>
  </form>`
}

function hiddenField([name, value]: readonly [string, string | undefined]): Html {
  return html`${value !== undefined && html`<input type="hidden" name="${name}" value="${value}" />`}`
}
