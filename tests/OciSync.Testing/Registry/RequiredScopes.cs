using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Testing.Registry;

/// <summary>The scopes a request needs, as the distribution registry asks for them.</summary>
internal static class RequiredScopes
{
    internal static IReadOnlyList<Scope> Of(HttpRequest request, RegistryRoute route)
    {
        if (route.Kind == RouteKind.Catalog)
        {
            return [Scope.Catalog];
        }

        if (route.Repository.Length == 0)
        {
            return [];
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return [Scope.Repository(route.Repository, "pull")];
        }

        if (HttpMethods.IsDelete(request.Method) && route.Kind != RouteKind.Upload)
        {
            return [Scope.Repository(route.Repository, "delete")];
        }

        var push = Scope.Repository(route.Repository, "pull", "push");
        var from = request.Query["from"].ToString();
        return route.Kind == RouteKind.Uploads && from.Length > 0 ? [push, Scope.Repository(from, "pull")] : [push];
    }
}
