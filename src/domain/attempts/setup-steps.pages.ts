import { stepList } from '../../foundation/web/components/navigation.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

/** Shows the steps of the set-up of a server, with the current one marked. */
export function setupSteps({ setup }: Texts, current: 1 | 2 | 3): Html {
  return stepList({ label: setup.steps, steps: [setup.you, setup.secondStep, setup.codes], current })
}
