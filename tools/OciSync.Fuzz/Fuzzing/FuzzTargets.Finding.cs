using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Fuzzing;

/// <summary>Files in which images are looked for.</summary>
internal static partial class FuzzTargets
{
    private const string Manifests = """
        apiVersion: v1
        kind: List
        items:
        - kind: Pod
          metadata: {name: p, annotations: {containerImage: "quay.io/a/b:1"}}
          spec:
            containers: &c
            - {name: a, image: 'nginx:1.25', env: [{name: RELATED_IMAGE_X, value: quay.io/a/c:1}], args: [--x-image=reg.example:5000/a/d:2]}
            initContainers: *c
            volumes: [{name: v, image: {reference: quay.io/a/e:1}}]
          status: {containerStatuses: [{name: a, imageID: "x@sha256:aa"}]}
        ---
        kind: ConfigMap
        metadata: {name: m}
        data:
          some-image: gcr.io/a/b:1
          pod.yaml: |
            kind: Pod
            spec:
              containers:
              - image: >-
                  a/b:1
        ---
        kind: Kustomization
        apiVersion: kustomize.config.k8s.io/v1beta1
        images: [{name: a, newName: b/c, newTag: "1", digest: ""}]
        patches: [{patch: "- {op: replace, path: /x/image, value: a/b:1}"}]
        """;

    private const string ChartValues = """
        global: {imageRegistry: "", image: {registry: quay.io}}
        image: {registry: ~, repository: a/b, tag: 1.10, digest: null, pullPolicy: Always}
        proxyImage: a/c
        proxyImageTag: v2
        redis: {exporter: {image: ghcr.io/a/d, tag: v1}, override: null}
        containers: [{image: busybox}]
        """;

    private const string Compose = """
        x-a: &a {image: "x/y:${TAG:-1}"}
        services:
          a: {<<: *a, volumes: [{type: image, source: "${I:?needed}"}], profiles: [p]}
          b: {build: {dockerfile_inline: "FROM a/b:1\nRUN true", additional_contexts: ["x=docker-image://alpine"]}}
        """;

    private const string Dockerfile = """
        # syntax=docker/dockerfile:1
        # escape=\
        ARG V=3.20 I="a/b:${V}"
        FROM --platform=$BUILDPLATFORM $I AS Build
        RUN --mount=type=bind,from=x/y:1,target=/x <<-"EOF" \
            cat
        FROM c/d:1
        	EOF
        ONBUILD COPY --from=build /a /b
        FROM ${X:-scratch}
        """;

    private const string Pipelines = """
        on: push
        jobs:
          j:
            runs-on: x
            strategy: {matrix: {v: ["1", "2"], include: [{v: "3"}]}}
            container: {image: "node:${{ matrix.v }}"}
            services: {r: redis:7}
            steps: [{uses: "docker://a/b:1"}]
        spec: {inputs: {i: {default: "a/c:1"}}}
        variables: {IMG: {value: "a/d:1"}}
        test: {image: "$IMG", services: ["$[[ inputs.i ]]", {name: "docker:dind"}], script: [x]}
        """;

    private const string Template = """
        {{- /* image: a/x:1 */ -}}
        image: "{{ .Values.image }}"
        - name: RELATED_IMAGE_A
          value: "quay.io/a/b:1"
        {{- if .Values.x }}
        image: a/c:1 # comment
        args: ["x"]
        - --image=quay.io/a/d:1
        {{- end }}
        """;

    private static IEnumerable<FuzzTarget> Finding() =>
    [
        new("manifests for images", FuzzInput.Near(Manifests, """{"kind":"Pod","spec":{"containers":[{"image":"a\/b:1"}]}} {"schema":"olm.bundle","image":"x"}"""),
            input => TryFind(input, FileFormat.Document)),
        new("values for images", FuzzInput.Near(ChartValues), input => TryFind(input, FileFormat.Values)),
        new("compose file for images", FuzzInput.Near(Compose), input => TryFind(input, FileFormat.Compose)),
        new("Dockerfile for images", FuzzInput.Near(Dockerfile), input => TryFind(input, FileFormat.Dockerfile)),
        new("pipeline for images", FuzzInput.Near(Pipelines), TryPipelines),
        new("template for images", FuzzInput.Near(Template), input => TryFind(input, FileFormat.Template)),
        new("packed chart for images", FuzzInput.Near("no archive", "\u001f\u008b\b\0"), TryChart),
    ];

    private static void TryPipelines(byte[] input)
    {
        TryFind(input, FileFormat.GitHub);
        TryFind(input, FileFormat.GitLab);
    }

    private static void TryFind(byte[] input, FileFormat format) => Allow(
        () =>
        {
            var source = FileText.Decode(input, "a.yaml", null);
            var reader = new DocumentReader(new FindOptions(), format);
            reader.Read(source, CancellationToken.None);
            var outcome = reader.Take("a.yaml");
            outcome.Warnings.ToList().ForEach(w => RequireShowable(w.ToString()));
            outcome.Failures.ToList().ForEach(f => RequireShowable(f.Message));
            foreach (var image in outcome.Images)
            {
                RequireImage(image, source);
            }
        },
        OciErrorKind.DocumentInvalid);

    private static void RequireImage(OciFoundImage image, SourceText source)
    {
        Require(image.IsCertain == image.Reference.Length > 0, "what is certain has a name, and nothing else");
        Require(image.IsCertain || image.Reason is { Length: > 0 }, "what isn't certain has a reason");
        Require(!image.IsCertain || ImageReference.Parse(image.Reference).ToString() == image.Reference, "a name is read as it is written");
        Require(image.Line > 0 && image.Column > 0, "a place is in the file");
        foreach (var part in image.Parts)
        {
            Require(part.Start >= 0 && part.Start + part.Length <= source.Text.Length, "a piece is in the file");
        }
    }

    private static void TryChart(byte[] input)
    {
        var outcome = new ImageFinder(new FindOptions()).FindInChart(new MemoryStream(input), "c.tgz");
        outcome.Failures.ToList().ForEach(f => RequireShowable(f.Message));
        Require(outcome.Failures.All(f => f.Kind is OciErrorKind.ArchiveInvalid or OciErrorKind.DocumentInvalid), "an archive fails as one");
    }
}
