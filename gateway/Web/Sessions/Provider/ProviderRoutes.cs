using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Sessions.Provider;

/// <summary>
/// Signs a browser in with the provider: leads it there, takes it back, and begins a session with the token that the provider gave. Both
/// addresses are for navigation, so they answer with redirects, and a failure is told by the page that the browser comes back to.
/// </summary>
static class ProviderRoutes
{
    /// <summary>Begins a sign-in. The query's "return" is a path of the studio.</summary>
    public const string Start = "/studio/sign-in";

    const string Back = Start + "/callback";

    /// <summary>Time that a user has at the provider.</summary>
    static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(10);

    public static void MapProviderSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Start, StartAsync).ExcludeFromDescription().WithMetadata(new OpenToEverybody());
        routes.MapGet(Back, BackAsync).ExcludeFromDescription().WithMetadata(new OpenToEverybody());
    }

    static async Task<IResult> StartAsync(
        HttpContext context, SignInProvider provider, SessionSeal seal, IOptions<WebOptions> options, ILogger<SignInProvider> log)
    {
        ThrowUnlessThere(provider);
        var ticket = SignInTicket.New(context.Request.Query["return"]);
        try
        {
            var address = await provider.AddressAsync(ticket, BackAddress(context, options.Value), context.RequestAborted);
            var cookie = Cookie(context);
            cookie.MaxAge = TicketLifetime;
            context.Response.Cookies.Append(ticket.Cookie, seal.Seal(ticket.Cookie, ticket.ToText(), TicketLifetime), cookie);
            return Redirect(context, address);
        }
        catch (SignInRefusedException refusal)
        {
            return Refused(context, log, refusal, ticket.Return);
        }
    }

    static async Task<IResult> BackAsync(
        HttpContext context, SignInProvider provider, SessionSeal seal, SessionCookies cookies, IOptions<WebOptions> options,
        ILogger<SignInProvider> log)
    {
        ThrowUnlessThere(provider);
        var (query, ticket) = (context.Request.Query, (SignInTicket?)null);
        try
        {
            ticket = TicketOf(context, seal, query["state"].ToString());
            if (query.ContainsKey("error"))
                throw new SignInRefusedException(SignInRefusal.Refused, "the provider has refused");
            var token = await provider.RedeemAsync(
                ticket, query["code"].ToString(), query.TryGetValue("iss", out var issuer) ? issuer.ToString() : null,
                BackAddress(context, options.Value), context.RequestAborted);
            await BeginAsync(context, cookies, token);
            return Redirect(context, ticket.Return);
        }
        catch (SignInRefusedException refusal)
        {
            return Refused(context, log, refusal, ticket?.Return ?? SignInTicket.New(null).Return);
        }
    }

    /// <summary>The ticket of a browser that has come back. It is used once.</summary>
    static SignInTicket TicketOf(HttpContext context, SessionSeal seal, string state)
    {
        if (SignInTicket.CookieOf(state) is not { } name || context.Request.Cookies[name] is not { } sealedText)
            throw new SignInRefusedException(SignInRefusal.Late, "the browser has no ticket of this sign-in");
        context.Response.Cookies.Delete(name, Cookie(context));
        return seal.Open(name, sealedText) is { } text && SignInTicket.Of(text, state) is { } ticket
            ? ticket
            : throw new SignInRefusedException(SignInRefusal.Late, "the ticket of this sign-in is not valid any more");
    }

    /// <summary>Begins a session, if the token is one that a caller of this server could give in a header.</summary>
    static async Task BeginAsync(HttpContext context, SessionCookies cookies, string token)
    {
        context.Request.Headers.Authorization = $"Bearer {token}";
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
            throw new SignInRefusedException(
                SignInRefusal.Unknown, $"the provider's token is not one for this server: {result.Failure?.GetType().Name ?? "no token"}");
        try
        {
            cookies.Begin(context);
        }
        catch (InputFault fault)
        {
            throw new SignInRefusedException(SignInRefusal.Unknown, fault.Message);
        }
    }

    static void ThrowUnlessThere(SignInProvider provider)
    {
        if (!provider.IsThere)
            throw new RpcException(new(StatusCode.NotFound, "this server knows no provider that browsers can be led to"));
    }

    /// <summary>Address to which the provider sends the browser back. It is registered there.</summary>
    static string BackAddress(HttpContext context, WebOptions options) =>
        (options.Address.Length > 0 ? options.Address.TrimEnd('/') : $"{context.Request.Scheme}://{context.Request.Host}") + Back;

    static IResult Refused(HttpContext context, ILogger log, SignInRefusedException refusal, string back)
    {
        log.SignInRefused(refusal.Kind, refusal.Message);
        var mark = back.Contains('#', StringComparison.Ordinal) ? '&' : '#';
        return Redirect(context, $"{back}{mark}sign-in={refusal.Kind.ToString().ToLowerInvariant()}");
    }

    static IResult Redirect(HttpContext context, string address)
    {
        context.Response.Headers.CacheControl = "no-store";
        // The address of the way back has the code in it.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Redirect(address);
    }

    /// <summary>Lax, because the browser comes back from another site.</summary>
    static CookieOptions Cookie(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = Start,
        IsEssential = true,
    };
}
