using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;

namespace Rewas.Gateway.Web.Webhooks;

/// <summary>Webhooks: the secrets that sign them, and what became of them. A sound's order names its webhook.</summary>
static class WebhookRoutes
{
    const string Tag = "Webhooks";

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var secrets = routes.MapGroup("/v1/webhooks/secrets").WithTags(Tag);
        secrets.MapPost("", CreateSecretAsync).WithName("createWebhookSecret")
            .WithSummary("Create the secret that signs webhooks, or replace it")
            .WithDescription(
                "Webhooks are signed as Standard Webhooks says. The secret is in this answer and in no other. After a new secret was "
                + "created, the old one signs too until its end, so that a receiver can be changed meanwhile.")
            .Produces<SecretView>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status409Conflict);
        secrets.MapGet("", ListSecretsAsync).WithName("listWebhookSecrets")
            .WithSummary("The secrets that sign now, without their values")
            .Produces<SecretList>()
            .Fails();
        secrets.MapDelete("/{id}", DeleteSecretAsync).WithName("deleteWebhookSecret")
            .WithSummary("Delete a secret, which stops signing at once")
            .Produces(StatusCodes.Status204NoContent)
            .Fails();
        var deliveries = routes.MapGroup("/v1/sounds/{id}/webhooks").WithTags(Tag);
        deliveries.MapGet("", ListDeliveriesAsync).WithName("listWebhookDeliveries")
            .WithSummary("The webhooks of a sound, with each attempt and its answer")
            .Produces<DeliveryList>()
            .Fails(StatusCodes.Status404NotFound);
        deliveries.MapPost("/{delivery}/replay", ReplayAsync).WithName("replayWebhook")
            .WithSummary("Send a webhook again")
            .WithDescription("It is sent now, with the same webhook-id and body, and tried again as if it were new.")
            .Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .Fails(StatusCodes.Status404NotFound);
    }

    static async Task<IResult> CreateSecretAsync(HttpContext context, CallerServices services)
    {
        var secret = await services.Studio.CreateWebhookSecretAsync(new(), cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, SecretView.Of(secret));
    }

    static async Task<IResult> ListSecretsAsync(HttpContext context, CallerServices services)
    {
        var list = await services.Studio.ListWebhookSecretsAsync(new(), cancellationToken: context.RequestAborted);
        return TypedResults.Ok(new SecretList([.. list.Secrets.Select(SecretView.Of)]));
    }

    static async Task<IResult> DeleteSecretAsync(string id, HttpContext context, CallerServices services)
    {
        await services.Studio.DeleteWebhookSecretAsync(new() { SecretId = id }, cancellationToken: context.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<IResult> ListDeliveriesAsync(string id, HttpContext context, CallerServices services)
    {
        var list = await services.Studio.ListWebhookDeliveriesAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted);
        return TypedResults.Ok(new DeliveryList([.. list.Deliveries.Select(DeliveryView.Of)]));
    }

    static async Task<IResult> ReplayAsync(string id, string delivery, HttpContext context, CallerServices services) =>
        TypedResults.Accepted((string?)null, DeliveryView.Of(await services.Studio.ReplayWebhookAsync(
            new() { RenderId = id, DeliveryId = delivery }, cancellationToken: context.RequestAborted)));
}
