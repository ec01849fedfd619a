// The paths of the pages of resources. Tested in test/stories/pages-resources.test.ts.
import { RESOURCES_PATH } from '../clients/app-path.ts'

export { RESOURCES_PATH }
export const NEW_RESOURCE_PATH = `${RESOURCES_PATH}/new`

export function resourcePath({ id }: { readonly id: string }, below = ''): string {
  return `${RESOURCES_PATH}/${encodeURIComponent(id)}${below}`
}
