using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;

namespace OciSync.Core.Signing.Judging;

/// <summary>What a policy says of images, its keys looked into.</summary>
public static class PolicyCheck
{
    /// <summary>What a policy says of an image before a signature is looked at. No registry is asked.</summary>
    /// <exception cref="OciException">A link on the way to a folder or file can't be followed: <see cref="OciErrorKind.StorageFailed"/>.</exception>
    public static OciPolicyCheck Check(this OciPolicy policy, ImageLocation location) =>
        policy.Check(location, new SignatureCheckers(policy.Keys, new EngineOptions().Time).FindKeyFault);
}
