/** The profiles of the AWS configuration, as the commands need them. */
export interface ProfileSource {
  listProfiles(): Promise<
    readonly { readonly name: string; readonly region?: string; readonly roleArn?: string }[]
  >;
}
