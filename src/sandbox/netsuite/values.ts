import type {FieldRef, FieldValue} from './engine-types.ts'

/** The id of a resolved reference; undefined where the field is empty. */
export function idOf(value: FieldValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
}

export function textOf(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function isTrue(value: FieldValue | undefined): boolean {
  return value === true
}

export function isRef(value: FieldValue): value is FieldRef {
  return typeof value === 'object' && value !== null && ('id' in value || 'externalId' in value || 'name' in value)
}
