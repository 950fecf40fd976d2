namespace Rewas.Gateway.Web.Problems;

static class ProblemResponses
{
    /// <summary>Tells the API document which failures a route answers, beside those that every route may answer.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in (int[])[.. statuses, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
            StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable])
            route.Produces<Problem>(status, Problem.MediaType);
        return route;
    }
}
