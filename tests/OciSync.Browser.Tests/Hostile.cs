namespace OciSync.Browser.Tests;

/// <summary>What a registry, or somebody who writes a file of rows, may call things so that a page does something else than show them.</summary>
internal static class Hostile
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "<script>window.bad=1</script>",
        "</script><script>window.bad=1</script>",
        "</SCRIPT ><script>window.bad=1</script>",
        "<!--<script>window.bad=1",
        "--><script>window.bad=1</script>",
        "<img src=x onerror=window.bad=1>",
        "<svg onload=window.bad=1>",
        "<svg><script>window.bad=1</script></svg>",
        "<iframe src=javascript:window.bad=1>",
        "<a href=javascript:window.bad=1 id=bad>here</a>",
        "\" onmouseover=\"window.bad=1\" x=\"",
        "' autofocus onfocus='window.bad=1' x='",
        "<style>*{display:none}</style>",
        "</style><style>body{display:none}</style>",
        "<link rel=stylesheet href=https://bad.test/x.css>",
        "<meta http-equiv=refresh content=0;url=https://bad.test/>",
        "<base href=https://bad.test/>",
        "<form action=https://bad.test/><button id=bad>go</button></form>",
        "<template><b id=bad></b></template>",
        "<details open ontoggle=window.bad=1>",
        "<math><mtext><script>window.bad=1</script>",
        "&lt;script&gt;window.bad=1&lt;/script&gt;",
        "&#60;script&#62;window.bad=1",
        "{{script}}{{data}}{{policy}}",
        "${window.bad=1}`;window.bad=1;//",
        "\";window.bad=1;//",
        "\\u003cscript\\u003ewindow.bad=1",
        "]]><script>window.bad=1</script>",
        "__proto__",
        "constructor toString",
        "'; Remove-Item * ; '",
        "\u2019; Remove-Item * ; \u2018",
        "<plaintext>",
        "<noscript><p title=\"</noscript><img src=x onerror=window.bad=1>\">",
    ];
}
