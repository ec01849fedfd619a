import { HtmlValidate, StaticConfigLoader } from 'html-validate'

const validator = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:standard'] }))

/** Returns the violations of the HTML standard in a page, as the server sent it. */
export async function faultsInHtml(markup: string): Promise<string[]> {
  const { results } = await validator.validateString(markup)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line}: ${lineOf(markup, line)})`),
  )
}

function lineOf(markup: string, line: number): string {
  return (markup.split('\n')[line - 1] ?? '').trim().slice(0, 160)
}
