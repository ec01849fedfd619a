// A part of a page, and the short lists in it.
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { ofPart } from './api-equivalent.ts'
import { type Drawing, icon } from './icon.ts'
import { state } from './status.ts'

export interface Section {
  /** Stable, so that links to it keep working. */
  readonly id: string
  readonly title: string
  readonly lead?: Html | string | false | undefined
  readonly body?: Html
  /** What is done to the section as a whole: a button, a link or a small form in its head. */
  readonly action?: Html | false | undefined
  /** What was just done to the section, in its head. */
  readonly outcome?: string | false | undefined
  /** The same as an API request, from `apiEquivalent`, which the page shows at its end. */
  readonly api?: Html | false | undefined
  /** `danger` for what cannot be undone. */
  readonly tone?: 'plain' | 'danger'
}

/** A part of a page under a heading of its own. */
export function section({ id, title, lead, body, action, outcome, api, tone = 'plain' }: Section): Html {
  return html`<section class="section ${tone}" id="${id}" aria-labelledby="${id}-title">
    <div class="head">
      <h2 id="${id}-title">${title}</h2>
      ${outcome && html`<p class="outcome" role="status">${state('ok', outcome)}</p>`}
      ${lead && html`<p class="lead">${lead}</p>`} ${action && html`<div class="act">${action}</div>`}
      ${ofPart(title, api)}
    </div>
    ${body}
  </section>`
}

/** Short sections beside each other where there is room; the last of an odd number has a line of its own. */
export function cardGrid(sections: readonly Html[]): Html {
  return html`<div class="cards">${sections}</div>`
}

/** One card that is the whole content of a page, such as a question with its consequences and its form. */
export function panel(content: Html): Html {
  return html`<div class="panel">${content}</div>`
}

/** Short sentences below each other, such as the consequences of a change. */
export function lineList(lines: readonly (Html | string)[]): Html {
  return html`<ul class="said">
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`
}

export interface Statement {
  readonly drawing: Drawing
  readonly label: Html | string
  /** Left out where the label is the whole sentence. */
  readonly detail?: Html | string | undefined
}

/** Short statements below each other, each behind a drawing, such as what an app gets or what happens next. */
export function drawnList(statements: readonly Statement[]): Html {
  return html`<ul class="drawn">
    ${statements.map(
      ({ drawing, label, detail }) =>
        html`<li>
          ${icon(drawing)}
          <div>
            ${
              detail === undefined
                ? label
                : html`<strong>${label}</strong>
                    <div class="small">${detail}</div>`
            }
          </div>
        </li>`,
    )}
  </ul>`
}

/** Facts in a line, each of which breaks before rather than within it. */
export function pieces(facts: readonly (Html | string)[]): Html {
  return html`<span class="pieces"
    >${facts.map((fact, at) => html`<span>${at > 0 && html`<span class="apart">·</span>`} ${fact}</span> `)}</span
  >`
}

/** A part of a card: a heading, and the little that it says. */
export function cardPart(title: Html | string, content: Html): Html {
  return html`<div class="told">
    <h2>${title}</h2>
    ${content}
  </div>`
}

/** What a question is about, such as an event or a change, in a box of its own. */
export function noted(lines: readonly Html[]): Html {
  return html`<div class="noted">${lines}</div>`
}

export interface FormPart {
  readonly id: string
  readonly title: string
  readonly hint?: string | undefined
  readonly fields: Html
}

/** The label of a group of fields whose part has the same title. */
export function unseen(label: string): Html {
  return html`<span class="unseen">${label}</span>`
}

/** The parts of a long form in one card, each with its title and hint beside its fields where there is room, and the buttons below them. */
export function partedForm(parts: readonly FormPart[], buttons: Html): Html {
  return html`<div class="parted">
    ${parts.map(
      ({ id, title, hint, fields }) =>
        html`<section aria-labelledby="${id}-title">
          <div>
            <h2 id="${id}-title">${title}</h2>
            ${hint && html`<p class="hint">${hint}</p>`}
          </div>
          <div>${fields}</div>
        </section>`,
    )}
    ${buttons}
  </div>`
}

/** Sections below each other in one cell of a card grid. */
export function sectionColumn(...sections: readonly (Html | undefined)[]): Html {
  return html`<div class="sections">${sections.map((one) => html`${one}`)}</div>`
}

/** The facts about one thing: labels on the left, values on the right; on a narrow screen the values go below the labels. */
export function factList(facts: readonly (readonly [label: Html | string, value: Html | string])[]): Html {
  return html`<dl class="facts">
    ${facts.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

export interface ListRow {
  readonly id?: string | undefined
  /** Left out where the action at the end says it. */
  readonly name?: Html | string
  readonly detail?: Html | string | undefined
  /** A small form or a link at the end of the row. */
  readonly action?: Html | undefined
}

/** The same where there may be many: what is beyond the first rows, by default two, is folded. */
export function foldedRows({ words }: Texts, rows: readonly ListRow[], shown = 2): Html {
  const more = rows.slice(shown)
  if (more.length === 0) return rowList(rows)
  return html`${rowList(rows.slice(0, shown))}
    <details>
      <summary>${words.showMore(more.length)}</summary>
      ${rowList(more)}
    </details>`
}

/** A short list of things, each with its action; `tight` for rows of a line or two. */
export function rowList(rows: readonly ListRow[], spacing: 'wide' | 'tight' = 'wide'): Html {
  return html`<ul class="rows${spacing === 'tight' && ' tight'}">
    ${rows.map(
      ({ id, name, detail, action }) =>
        html`<li ${id && html`id="${id}"`}>
          <div class="about">
            ${name && html`<div class="name">${name}</div>`} ${detail && html`<div class="small">${detail}</div>`}
          </div>
          ${action && html`<div class="action">${action}</div>`}
        </li>`,
    )}
  </ul>`
}
