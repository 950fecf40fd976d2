using System.Text.Json;
using Microsoft.SemanticKernel;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Client;
using Rewas.Clip.Faults;

namespace Rewas.Agent.Tools;

/// <summary>
/// Turns an expected failure of a function into its answer. The model, or the embedded service, can tell the user and try again. Bugs still
/// throw.
/// </summary>
sealed class RefusalFilter(Action<AgentEvent> emit) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        emit(new AgentEvent.Tool(context.Function.Name, string.Join(", ", context.Arguments.Select(a => $"{a.Key}={a.Value}"))));
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is InputFault or StageFailure or KernelException or ArgumentException or JsonException)
        {
            context.Result = new FunctionResult(
                context.Function, JsonSerializer.Serialize(new { refused = failure.Message }, FunctionJson.Options));
        }
    }
}
