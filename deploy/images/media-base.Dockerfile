# Base image of services that read or write video: the .NET runtime, ffmpeg, and bubblewrap to confine it. DOTNET may name the runtime by
# its digest.
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${DOTNET}
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg bubblewrap && rm -rf /var/lib/apt/lists/*
ENV ORT_DISABLE_TELEMETRY=1
USER $APP_UID
