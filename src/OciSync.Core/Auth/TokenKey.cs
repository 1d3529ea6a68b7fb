using OciSync.Core.AuthFiles;

namespace OciSync.Core.Auth;

/// <summary>What a token was asked for, and by whom: two logins of one registry have tokens of their own.</summary>
internal sealed record TokenKey(string Words, RegistryCredential? Credential);
