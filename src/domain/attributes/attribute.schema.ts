import { LABEL_MAXIMUM, MOST_ATTRIBUTES } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { choice, named, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { type AttributeValue, type GivenValues, TEXT_MAXIMUM, type ValuedAttribute } from './attribute-value.ts'
import {
  AT_JOINING,
  type Attribute,
  ATTRIBUTE_TYPES,
  AUDIENCES,
  CHOICE_MAXIMUM,
  KEY_PATTERN,
  MOST_CHOICES,
} from './attribute.ts'

const Label = Type.String({ maxLength: LABEL_MAXIMUM, description: 'What people read beside the field.' })
const AnyType = choice(ATTRIBUTE_TYPES, {
  description: '`text` of at most 300 characters, a `date` such as `2027-06-30`, `yes-no` as true or false.',
})
const Choices = Type.Array(Type.String({ maxLength: CHOICE_MAXIMUM }), {
  maxItems: MOST_CHOICES,
  description: 'The texts of the type `choice`, at least 2; empty for the other types.',
})
const VisibleTo = choice(AUDIENCES, {
  description:
    'Who sees values: `admin` for admins only, `user` for the user too. A change to `user` shows users what was written before.',
})
const ChangedBy = choice(AUDIENCES, {
  description: 'Who changes values. `user` only where the user sees them; admins always may.',
})
const AtJoining = choice(AT_JOINING, {
  description:
    'Whether it is asked in the set-up of an invitation and at registration. Only where the user may change it.',
})
const Position = Type.Integer({
  minimum: 1,
  maximum: MOST_ATTRIBUTES,
  description: 'The place in the list, counted from 1; the others move.',
})

export const AttributeParameters = Type.Object({ key: Type.String({ maxLength: 64 }) })

export const AttributeView = named(
  'Attribute',
  Type.Object(
    {
      key: Type.String({ description: 'Permanent, unless it was reserved later.' }),
      label: Type.String(),
      type: choice(ATTRIBUTE_TYPES),
      choices: Type.Array(Type.String()),
      visible_to: choice(AUDIENCES),
      changed_by: choice(AUDIENCES),
      at_joining: choice(AT_JOINING),
      created_at: Type.String({ format: 'date-time' }),
    },
    { description: 'A field of the profile that the operator has declared.', additionalProperties: false },
  ),
)

/** The same with its entity tag. */
export const TaggedAttribute = sentWith(
  ETAG,
  named(
    'AttributeWithTag',
    Type.Object(
      { ...AttributeView.properties },
      { description: 'The attribute, with its entity tag.', additionalProperties: false },
    ),
  ),
)

export const AttributeList = named(
  'AttributeList',
  Type.Object(
    { items: Type.Array(AttributeView) },
    { description: 'The attributes in the order in which pages show them.' },
  ),
)

export const NewAttribute = named(
  'NewAttribute',
  Type.Object(
    {
      key: Type.String({
        maxLength: 40,
        description:
          'Lower-case letters, digits and underscores, beginning with a letter. Not the name of a field of users or of a claim.',
      }),
      label: Label,
      type: Type.Optional(AnyType),
      choices: Type.Optional(Choices),
      visible_to: Type.Optional(VisibleTo),
      changed_by: Type.Optional(ChangedBy),
      at_joining: Type.Optional(AtJoining),
    },
    {
      additionalProperties: false,
      examples: [{ key: 'department', label: 'Department', type: 'choice', choices: ['Sales', 'Workshop'] }],
    },
  ),
)

export const AttributeChange = named(
  'AttributeChange',
  Type.Object(
    {
      key: Type.Optional(
        Type.String({
          maxLength: 40,
          description:
            'Another key with the same values. Only while the present one is reserved, which the check-up reports.',
        }),
      ),
      label: Type.Optional(Label),
      type: Type.Optional(AnyType),
      choices: Type.Optional(Choices),
      visible_to: Type.Optional(VisibleTo),
      changed_by: Type.Optional(ChangedBy),
      at_joining: Type.Optional(AtJoining),
      position: Type.Optional(Position),
    },
    { additionalProperties: false, examples: [{ label: 'Team' }] },
  ),
)

export const DeletedAttribute = named(
  'DeletedAttribute',
  Type.Object(
    { users: Type.Integer({ minimum: 0, description: 'How many users had a value, which is deleted.' }) },
    { description: 'The attribute is deleted, with its values.' },
  ),
)

const Value = Type.Unsafe<AttributeValue | null>({
  type: ['string', 'number', 'boolean', 'null'],
  maxLength: TEXT_MAXIMUM,
})

/** The schema of values by the keys of their attributes. */
export function valuesByKey(description: string) {
  return Type.Unsafe<GivenValues>({
    type: 'object',
    patternProperties: { [KEY_PATTERN]: Value },
    additionalProperties: false,
    maxProperties: MOST_ATTRIBUTES,
    description,
  })
}

/** A merge patch of values; its example is empty, since each server declares attributes of its own. */
export const AttributeValuesChange = named('AttributeValuesChange', {
  ...valuesByKey(
    'Values by the keys of their attributes, each of the type that the attribute has. Null removes a value.',
  ),
  examples: [{}],
})

/** The answers of a person who is joining. */
export const AnsweredAttributes = valuesByKey(
  'The answers to the attributes that are asked at joining, by key. A required one that is missing is an error at its key.',
)

/** The values that an admin gives to a user. */
export const GivenAttributes = valuesByKey('Values of attributes by key. A key left out stays, null removes its value.')

/** Values with their entity tag. Null: the user has none. */
export const AttributeValuesView = sentWith(
  ETAG,
  named('AttributeValues', valuesByKey('Values by the keys of their attributes. Null: the user has none.')),
)

/** Returns the JSON form of an attribute. */
export function presentAttribute(attribute: Attribute): Static<typeof AttributeView> {
  return {
    key: attribute.key,
    label: attribute.label,
    type: attribute.type,
    choices: [...attribute.choices],
    visible_to: attribute.visibleTo,
    changed_by: attribute.changedBy,
    at_joining: attribute.atJoining,
    created_at: toRfc3339(attribute.createdAt),
  }
}

/** Returns the JSON form of the values that a reader may see. */
export function presentValues(shown: readonly ValuedAttribute[]): GivenValues {
  return Object.fromEntries(shown.map(({ attribute, value }) => [attribute.key, value]))
}

/** Returns the entity tag of an attribute. */
export function attributeTag(attribute: Attribute): string {
  return etagOf(JSON.stringify(presentAttribute(attribute)))
}

/** Returns the entity tag of values. */
export function valuesTag(shown: readonly ValuedAttribute[]): string {
  return etagOf(JSON.stringify(presentValues(shown)))
}
