/** The version of drafts that this code writes; also the version of the database that they lie in. */
export const VERSION = 3;

// 1: fields as an object, photos as plain files. 2: fields as pairs, photos with their upload's key. 3: the language of
// the form, a name for each photo, what the server said, and the photos' bytes in a store of their own.
const STEPS = {
  1: ({ fields, photos, ...rest }) => ({
    ...rest,
    fields: Object.entries(fields || {}).flatMap(([name, values]) => [values].flat().map((value) => [name, String(value)])),
    photos: (photos || []).map((file) => ({ blob: file, name: file.name || "", key: null })),
  }),
  2: ({ fields, photos, ...rest }) => ({
    language: (fields || []).find(([name]) => name === "language")?.[1] || "",
    step: "",
    tries: 0,
    nextTry: 0,
    faults: null,
    reason: "",
    ...rest,
    fields: fields || [],
    photos: (photos || []).map((photo, index) => ({ id: `${index}`, index, ...photo })),
  }),
};

/** A draft of this version or an earlier one, as this version writes it; what is newer than we are stays as it is. */
export function migrateDraft(draft) {
  let current = draft;
  for (let version = draft.version || 1; version < VERSION; version += 1) {
    current = { ...STEPS[version](current), version: version + 1 };
  }
  return current;
}
