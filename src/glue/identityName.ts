/** Name of the identity in use: of the role and its session, or of the user. @param arn of the caller */
export function identityName(arn: string): string {
  const [, role] = /:assumed-role\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined) return role;
  const [, user] = /:(?:federated-user|user)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return user ?? (arn.endsWith(':root') ? 'root' : arn);
}
