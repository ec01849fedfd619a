import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PERMISSIONS } from '../../kernel/principal.ts'
import { texts } from '../../texts/texts.ts'
import { accountNavigation, adminNavigation } from './side-navigation.ts'
import type { SideNavigation } from './side-navigation.ts'

test('no two entries of a navigation share a drawing', () => {
  const say = texts('en')
  const navigations: SideNavigation[] = [
    adminNavigation(say, PERMISSIONS),
    accountNavigation(say, '/account'),
    accountNavigation(say, '/account/security'),
  ]
  for (const { label, places } of navigations) {
    const drawings = places.map(({ drawing }) => drawing)
    assert.deepEqual([...new Set(drawings)], drawings, label)
  }
})
