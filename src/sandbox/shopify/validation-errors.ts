import type {GraphQLError} from 'graphql'

import {isJson, type Json} from './json.ts'

type Worded = Readonly<{message: string; extensions?: Json}>
type Pattern = readonly [RegExp, (part: readonly string[]) => Worded]

/** How Shopify words the faults that a validator finds; the left side is the wording of the `graphql` package. */
const PATTERNS: readonly Pattern[] = [
  [
    /^Cannot query field "(.+?)" on type "(.+?)"/,
    ([field = '', type = '']) => ({
      message: `Field '${field}' doesn't exist on type '${type}'`,
      extensions: {code: 'undefinedField', typeName: type, fieldName: field},
    }),
  ],
  [
    /^Unknown argument "(.+?)" on field "\w+\.(.+?)"/,
    ([argument = '', field = '']) => ({
      message: `Field '${field}' doesn't accept argument '${argument}'`,
      extensions: {code: 'argumentNotAccepted', name: field, typeName: 'Field', argumentName: argument},
    }),
  ],
  [
    /^Field "(.+?)" argument "(.+?)" of type "(.+?)" is required/,
    ([field = '', argument = '']) => ({
      message: `Field '${field}' is missing required arguments: ${argument}`,
      extensions: {code: 'missingRequiredArguments', className: 'Field', name: field, arguments: argument},
    }),
  ],
  [
    /^Field "(.+?)" of type "(.+?)" must have a selection of subfields/,
    ([field = '', type = '']) => ({
      message: `Field must have selections (field '${field}' returns ${type.replace(/!$/, '')} but has no selections. Did you mean '${field} { ... }'?)`,
      extensions: {code: 'selectionMismatch', nodeName: `field '${field}'`, typeName: type.replace(/!$/, '')},
    }),
  ],
  [
    /^Variable "\$(.+?)" is not defined/,
    ([name = '']) => ({
      message: `Variable $${name} is used but not declared`,
      extensions: {code: 'variableNotDefined', variableName: name},
    }),
  ],
  [
    /^Variable "\$(.+?)" of required type "(.+?)" was not provided/,
    ([name = '', type = '']) => ({
      message: `Variable $${name} of type ${type} was provided invalid value`,
      extensions: {
        code: 'INVALID_VARIABLE',
        value: null,
        problems: [{path: [], explanation: 'Expected value to not be null'}],
      },
    }),
  ],
  [
    /^Variable "\$(\w+)" got invalid value (.+?); (.+)$/,
    ([name = '', value = '', explanation = '']) => ({
      message: `Variable $${name} was provided invalid value`,
      extensions: {code: 'INVALID_VARIABLE', value, problems: [{path: [], explanation}]},
    }),
  ],
  [
    /^Unknown type "(.+?)"/,
    ([type = '']) => ({
      message: `${type} isn't a defined input type`,
      extensions: {code: 'undefinedType', typeName: type},
    }),
  ],
]

/** An error in the words and with the codes of Shopify's server; one that has no counterpart keeps its own. */
export function asShopifyError(error: GraphQLError): Json {
  const plain: unknown = error.toJSON()
  const base = isJson(plain) ? plain : {message: error.message}
  for (const [pattern, word] of PATTERNS) {
    const match = pattern.exec(error.message)
    if (match !== null) return {...base, ...word(match.slice(1))}
  }
  return base
}
