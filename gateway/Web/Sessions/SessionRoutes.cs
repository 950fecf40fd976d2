using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Problems;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>Who the caller is, and sessions of pages.</summary>
static class SessionRoutes
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/me", Me).WithName("getMe").WithTags("Sign-in")
            .WithSummary("Who you are, and what you may do")
            .Produces<MeView>()
            .Fails();
        var session = routes.MapGroup("/v1/session").WithTags("Sign-in");
        session.MapGet("", SignIn).WithName("getSignIn").WithMetadata(new OpenToEverybody())
            .WithSummary("How callers sign in")
            .WithDescription("Needs no key.")
            .Produces<SignInView>();
        session.MapPost("", Begin).WithName("createSession")
            .WithSummary("Begin a session of a page")
            .WithDescription(
                "The key or token of this request's header Authorization goes into a cookie that scripts cannot read and that other sites' "
                + "pages cannot use. The browser sends it with media and links, which have no header.")
            .Produces<MeView>()
            .Fails(StatusCodes.Status400BadRequest);
        session.MapDelete("", End).WithName("deleteSession").WithMetadata(new OpenToEverybody())
            .WithSummary("End the session of a page")
            .Produces(StatusCodes.Status204NoContent);
    }

    static IResult Me(HttpContext context) => TypedResults.Ok(MeView.Of(context.WebCaller()));

    static IResult SignIn(IOptions<CallersOptions> callers) => TypedResults.Ok(SignInView.Of(callers.Value));

    static IResult Begin(HttpContext context, SessionCookies cookies)
    {
        cookies.Begin(context);
        context.Response.Headers.CacheControl = "no-store";
        return Me(context);
    }

    static IResult End(HttpContext context)
    {
        SessionCookies.End(context);
        return TypedResults.NoContent();
    }
}
