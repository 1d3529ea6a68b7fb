namespace OciSync.Core.Signing;

/// <summary>Reads one requirement. Where a key is empty or null, skopeo takes some for missing and some for given; so does this.</summary>
internal static class RequirementReader
{
    private static readonly string[] SignedByKeys = ["keyPath", "keyPaths", "keyData"];
    private static readonly string[] RekorKeys = ["rekorPublicKeyPath", "rekorPublicKeyPaths", "rekorPublicKeyData", "rekorPublicKeyDatas"];

    /// <exception cref="PolicyFaultException">It is none.</exception>
    internal static PolicyRequirement Read(PlacedJson value)
    {
        if (value.Kind == System.Text.Json.JsonValueKind.Null)
        {
            throw value.Fault("it has to be a requirement, and is null");
        }

        var type = value.RequireObject().Find("type");
        switch (type?.RequireText())
        {
            case "insecureAcceptAnything":
                value.RequireExactly("type");
                return new PolicyRequirement.InsecureAcceptAnything();
            case "reject":
                value.RequireExactly("type");
                return new PolicyRequirement.Reject();
            case "signedBy":
                return ReadSignedBy(value);
            case "sigstoreSigned":
                return ReadSigstore(value);
            case "signedBaseLayer":
                value.RequireExactly("type", "baseLayerIdentity");
                return new PolicyRequirement.SignedBaseLayer(IdentityReader.Read(value.Find("baseLayerIdentity")!));
            default:
                throw (type ?? value).Fault(type is null
                    ? "the key type is missing"
                    : $"there is no requirement '{type.Text}'; known are insecureAcceptAnything, reject, signedBy, sigstoreSigned and signedBaseLayer");
        }
    }

    private static PolicyRequirement.SignedBy ReadSignedBy(PlacedJson value)
    {
        value.RequireOnly(["type", "keyType", .. SignedByKeys, "signedIdentity"]);
        var type = value.Find("keyType") ?? throw value.Fault($"the key keyType is missing; it is {KeyTypes.Gpg}");
        if (!KeyTypes.All.Contains(type.RequireText()))
        {
            throw type.Fault($"there is no keyType '{type.Text}'; it is {KeyTypes.Gpg}");
        }

        var given = SignedByKeys.Where(k => value.Find(k) is not null).ToList();
        if (given.Count != 1)
        {
            throw value.Fault(given.Count == 0
                ? "keys are missing: exactly one of keyPath, keyPaths and keyData"
                : $"keys are said twice, by {string.Join(" and ", given)}: exactly one of keyPath, keyPaths and keyData");
        }

        var keys = KeyReader.Path(value, "keyPath") ?? KeyReader.Paths(value, "keyPaths", emptyAllowed: true) ?? KeyReader.Data(value, "keyData")
            ?? throw value.Find(given[0])!.Fault("it is empty; exactly one of keyPath, keyPaths and keyData has to name keys");
        return new PolicyRequirement.SignedBy(type.Text, keys, IdentityReader.ReadOrDefault(value.Find("signedIdentity")));
    }

    private static PolicyRequirement.SigstoreSigned ReadSigstore(PlacedJson value)
    {
        value.RequireOnly(["type", "keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki", .. RekorKeys, "signedIdentity"]);
        var keys = KeyReader.All(value, "keyPath", "keyPaths", "keyData", "keyDatas");
        var fulcio = value.Find("fulcio") is { } f ? ReadFulcio(f) : null;
        var pki = value.Find("pki") is { } p ? ReadPki(p) : null;
        if (keys.Count + (fulcio is null ? 0 : 1) + (pki is null ? 0 : 1) != 1)
        {
            throw value.Fault("exactly one of keyPath, keyPaths, keyData, keyDatas, fulcio and pki has to say who may sign");
        }

        var rekor = KeyReader.All(value, RekorKeys);
        if (rekor.Count > 1)
        {
            throw value.Fault($"at most one of {string.Join(", ", RekorKeys)} can be used");
        }

        if (fulcio is not null && rekor.Count == 0)
        {
            throw value.Fault($"with fulcio one of {string.Join(", ", RekorKeys)} is needed: Fulcio's certificates live for minutes, and Rekor says when they signed");
        }

        return pki is not null && rekor.Count > 0
            ? throw value.Fault($"with pki none of {string.Join(", ", RekorKeys)} can be used")
            : new PolicyRequirement.SigstoreSigned(
                keys.FirstOrDefault(), fulcio, pki, rekor.FirstOrDefault(), IdentityReader.ReadOrDefault(value.Find("signedIdentity")));
    }

    private static FulcioTrust ReadFulcio(PlacedJson value)
    {
        value.RequireOnly("caPath", "caData", "oidcIssuer", "subjectEmail");
        return new FulcioTrust(
            KeyReader.OneOf(value, "caPath", "caData") ?? throw value.Fault("one of caPath and caData is needed"),
            KeyReader.Word(value, "oidcIssuer") ?? throw value.Fault("the key oidcIssuer is missing"),
            KeyReader.Word(value, "subjectEmail") ?? throw value.Fault("the key subjectEmail is missing"));
    }

    private static PkiTrust ReadPki(PlacedJson value)
    {
        value.RequireOnly("caRootsPath", "caRootsData", "caIntermediatesPath", "caIntermediatesData", "subjectEmail", "subjectHostname");
        var trust = new PkiTrust(
            KeyReader.OneOf(value, "caRootsPath", "caRootsData") ?? throw value.Fault("one of caRootsPath and caRootsData is needed"),
            KeyReader.OneOf(value, "caIntermediatesPath", "caIntermediatesData"),
            KeyReader.Word(value, "subjectEmail"),
            KeyReader.Word(value, "subjectHostname"));
        return trust.SubjectEmail is null && trust.SubjectHostname is null ? throw value.Fault("one of subjectEmail and subjectHostname is needed") : trust;
    }
}
