import * as attributes from '#domain/attributes/attribute.queries.ts'
import type { Declaration } from '#domain/attributes/attribute.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const DECLARED: Declaration = {
  key: 'desk',
  label: 'Desk',
  type: 'text',
  choices: [],
  visibleTo: 'user',
  changedBy: 'admin',
  atJoining: 'never',
}
const VALUE = { subject: SUBJECT, key: 'desk', value: '4' }

export const ATTRIBUTE_CALLS: QueryCalls = {
  'src/domain/attributes/attribute.queries.ts': {
    selectAttributes: attributes.selectAttributes,
    shareAttributes: attributes.shareAttributes,
    takeAttributes: attributes.takeAttributes,
    insertAttribute: (db) => attributes.insertAttribute(db, DECLARED, { position: 1, now: NOW }),
    updateDeclaration: (db) => attributes.updateDeclaration(db, DECLARED),
    renameAttributeRow: (db) => attributes.renameAttributeRow(db, 'events', 'custom_events'),
    updatePosition: (db) => attributes.updatePosition(db, 'desk', 2),
    countValues: [undefined, ['S', 'M']].map((among) => (db: Database) => attributes.countValues(db, 'desk', among)),
    selectValues: (db) => attributes.selectValues(db, SUBJECT),
    putValue: (db) => attributes.putValue(db, VALUE, NOW),
    deleteValue: (db) => attributes.deleteValue(db, VALUE),
    deleteValuesOf: (db) => attributes.deleteValuesOf(db, 'desk'),
    deleteAttributeRow: (db) => attributes.deleteAttributeRow(db, 'desk'),
  },
}
