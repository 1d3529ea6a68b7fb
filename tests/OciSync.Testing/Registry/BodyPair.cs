namespace OciSync.Testing.Registry;

internal sealed record BodyPair(BodyStream Request, BodyStream Response);
