/** In either case, and without a flag: the schema of the tenants file repeats the pattern, which cannot carry one. */
export const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
